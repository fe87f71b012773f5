package dev.flujo.core.plan.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files of other systems beside what comes of them; run with {@code -Dflujo.approve=true} to write that anew for review. */
class ConversionTest {

    private static final Path DIRECTORY = Path.of("src/test/resources/dev/flujo/core/plan/convert");

    @Test
    void convertsWorkflowsOfGithub() throws IOException {
        check("github-ci", Conversion.ofGithub(source("github-ci"), "ci"));
    }

    @Test
    void convertsPipelinesOfGitlab() throws IOException {
        check("gitlab-ci", Conversion.ofGitlab(source("gitlab-ci"), "shop"));
    }

    @Test
    void saysWhatNeitherOfThemLeavesOver() throws IOException {
        check("github-rest", Conversion.ofGithub(source("github-rest"), "ci"));
        check("gitlab-rest", Conversion.ofGitlab(source("gitlab-rest"), "shop"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "github.ref == 'refs/heads/main' ; event.branch == 'main'",
                "startsWith(github.ref_name, 'v') && !cancelled ; -",
                "contains(github.event.head_commit.message, 'it''s') ; event.message.contains('it\\'s')",
                "needs.a-b.outputs.x != '' ; needs['a-b'].outputs.x != ''",
                "fromJSON(needs.a.outputs.list)[0] == 1 ; json(needs.a.outputs.list)[0] == 1",
                "!(inputs.dry || matrix.os == 'mac') ; !(inputs.dry || matrix.os == 'mac')",
                "github.event.inputs.level == 'x' ; inputs.level == 'x'",
                "toJSON(github) ; -",
                "secrets.X == '' ; -",
            })
    void convertsExpressions(String github, String cel) {
        assertEquals(cel, GithubExpressions.convert(github).orElse("-"));
    }

    @ParameterizedTest
    @CsvSource({"1 week, 7d", "1h 30m, 90m", "90 seconds, 90s", "3600, 1h", "never, ''"})
    void convertsTimes(String gitlab, String span) {
        assertEquals(span, Words.span(gitlab));
    }

    @Test
    void refusesWhatIsNoPipeline() {
        assertEquals(
                "Expected a pipeline file, but it is empty",
                assertThrows(Conversion.Refused.class, () -> Conversion.ofGithub("", "x"))
                        .getMessage());
        assertEquals(
                "Expected a mapping of keys to values, but the file is none",
                assertThrows(Conversion.Refused.class, () -> Conversion.ofGithub("- a\n", "x"))
                        .getMessage());
        assertThrows(Conversion.Refused.class, () -> Conversion.ofGitlab("a: [", "x"));
    }

    @Test
    void refusesFilesThatGrowWithoutEnd() {
        StringBuilder file = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 9; i++) {
            file.append("a").append(i).append(": &a").append(i).append(" [");
            file.append(("*a" + (i - 1) + ", ").repeat(9))
                    .append("*a")
                    .append(i - 1)
                    .append("]\n");
        }

        assertThrows(Conversion.Refused.class, () -> Conversion.ofGitlab(file.toString(), "x"));
    }

    private static String source(String name) throws IOException {
        return Files.readString(DIRECTORY.resolve(name + ".yml"));
    }

    private static void check(String name, Conversion conversion) throws IOException {
        String left = conversion.notes().stream().map(note -> note + "\n").collect(Collectors.joining())
                + conversion.problems().stream()
                        .map(problem -> "the new file:" + problem + "\n")
                        .collect(Collectors.joining());
        check(DIRECTORY.resolve(name + ".converted.yml"), conversion.source());
        check(DIRECTORY.resolve(name + ".left.txt"), left);
    }

    private static void check(Path file, String actual) throws IOException {
        if (Boolean.getBoolean("flujo.approve")) {
            Files.writeString(file, actual);
        }
        assertEquals(Files.exists(file) ? Files.readString(file) : "", actual, file + " differs");
    }
}
