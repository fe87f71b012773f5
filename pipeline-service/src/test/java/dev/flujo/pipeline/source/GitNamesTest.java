package dev.flujo.pipeline.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GitNamesTest {

    private static final List<String> PARTS =
            List.of("a", "B", "7", "é", ".", "/", "-", "@", "{", "}", "~", "^", ":", "?", "*", "[", "\\", ".lock", " ");

    @Test
    void takesTheNamesThatBranchesHave() {
        for (String name :
                List.of("main", "fix/x", "release-1.2", "dependabot/npm_and_yarn/x@1", "ünï", "a#b", "$(x)")) {
            assertTrue(GitNames.isBranch(name), name);
        }
    }

    @Test
    void takesNoNameThatGitRefuses() throws IOException, InterruptedException {
        Random random = new Random(7);
        int taken = 0;
        for (int i = 0; i < 400; i++) {
            String name = IntStream.range(0, 1 + random.nextInt(4))
                    .mapToObj(part -> PARTS.get(random.nextInt(PARTS.size())))
                    .collect(Collectors.joining());
            if (GitNames.isBranch(name)) {
                taken++;
                assertEquals(0, git(name), name);
            }
        }
        assertTrue(taken > 20, "names that were taken: " + taken);
    }

    @Test
    void refusesOptionsRangesAndWhatNobodySees() {
        for (String name : List.of(
                "",
                "-x",
                "--upload-pack=touch",
                "a..b",
                "a b",
                "a\u001bb",
                "a\u202eb",
                "a\u200bb",
                "a\ud800",
                "a\u0000")) {
            assertFalse(GitNames.isBranch(name), name);
        }
        assertFalse(GitNames.isBranch("x".repeat(245)));
    }

    @Test
    void aCommitIsAWholeIdInLowerCase() {
        assertTrue(GitNames.isCommit("0123456789abcdef0123456789abcdef01234567"));
        assertTrue(GitNames.isCommit("a".repeat(64)));
        for (String text : List.of("", "HEAD", "-x", "a".repeat(39), "a".repeat(41), "A".repeat(40), "g".repeat(40))) {
            assertFalse(GitNames.isCommit(text), text);
        }
    }

    private static int git(String name) throws IOException, InterruptedException {
        return new ProcessBuilder("git", "check-ref-format", "--branch", name)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
