package dev.flujo.pipeline.api;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.flujo.kit.problem.Problem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Damaged files: each is answered, never with a failure of the service, and neither for long nor with much memory. */
class LintFuzzTest {

    private static final long SEED = 20261124;
    private static final int FILES = 10_000;
    private static final int LARGE = 200;
    private static final Duration MOST_TIME = Duration.ofMillis(200);
    private static final long MOST_BYTES = 50L * 1024 * 1024;
    private static final Path REFERENCE = Path.of("../docs/pipeline-reference.md");
    private static final Pattern EXAMPLE = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);
    private static final List<String> FRAGMENTS = List.of(
            "&a [*a, *a]",
            "<<: *a\n",
            "!!str ",
            "---\n",
            "? ",
            "- ",
            "[",
            "{",
            "}",
            "\t",
            "|\n",
            "\"",
            "'",
            "\0",
            "\u202e",
            "${{ ",
            " }}",
            "${{ event.branch",
            "matrix: {a: [1, 2, 3]}\n",
            "needs: [a, b]\n",
            "if: a && b\n",
            "\uD83D\uDE00",
            "[[[[[[[[[[",
            "{a: {a: {a: ",
            "cron: '* * * * *'\n",
            "&& !(a || b) ",
            "json(",
            ".exists(x, x",
            "\n  ",
            "\n");

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final LintResource lint = new LintResource();

    @Test
    void answersDamagedFiles() throws IOException {
        List<String> sources = new ArrayList<>();
        EXAMPLE.matcher(Files.readString(REFERENCE)).results().forEach(match -> sources.add(match.group(1)));
        sources.forEach(source -> answer(source.getBytes(StandardCharsets.UTF_8)));
        Random random = new Random(SEED);
        for (int i = 0; i < FILES; i++) {
            String source = sources.get(random.nextInt(sources.size()));
            check(damaged(source.getBytes(StandardCharsets.UTF_8), random), "file " + i + " of seed " + SEED);
        }
    }

    @Test
    void answersLargeDamagedFiles() {
        StringBuilder source = new StringBuilder("name: large\njobs:\n");
        for (int job = 0; source.length() < 240 * 1024; job++) {
            source.append("  j")
                    .append(job)
                    .append(":\n    needs: [j")
                    .append(Math.max(0, job - 1))
                    .append("]\n");
            source.append("    if: event.branch == 'b").append(job % 150).append("'\n    steps: [make]\n");
        }
        byte[] bytes = source.toString().getBytes(StandardCharsets.UTF_8);
        answer(bytes);
        Random random = new Random(SEED);
        for (int i = 0; i < LARGE; i++) {
            check(damaged(bytes, random), "large file " + i + " of seed " + SEED);
        }
    }

    /** Time of the processor, so that other work of the machine is not the file's fault. */
    private void check(byte[] file, String name) {
        long thread = Thread.currentThread().getId();
        long bytes = threads.getThreadAllocatedBytes(thread);
        long time = threads.getCurrentThreadCpuTime();
        answer(file);
        long took = threads.getCurrentThreadCpuTime() - time;
        long allocated = threads.getThreadAllocatedBytes(thread) - bytes;

        assertTrue(took <= MOST_TIME.toNanos(), () -> name + " took " + Duration.ofNanos(took));
        assertTrue(allocated <= MOST_BYTES, () -> name + " took " + allocated + " bytes");
    }

    private void answer(byte[] file) {
        try {
            lint.lintFile("pipeline", new ByteArrayInputStream(file));
        } catch (Problem e) {
            assertTrue(e.kind().status() < 500, () -> "answered " + e.kind().status());
        }
    }

    private static byte[] damaged(byte[] source, Random random) {
        StringBuilder text = new StringBuilder(new String(source, StandardCharsets.UTF_8));
        for (int hits = 1 + random.nextInt(5); hits > 0; hits--) {
            int at = random.nextInt(text.length() + 1);
            int end = Math.min(text.length(), at + random.nextInt(12));
            switch (random.nextInt(4)) {
                case 0 -> text.delete(at, end);
                case 1 -> text.insert(at, FRAGMENTS.get(random.nextInt(FRAGMENTS.size())));
                case 2 -> text.insert(at, text.substring(at, Math.min(text.length(), at + random.nextInt(300))));
                default -> text.replace(at, end, Character.toString(random.nextInt(0x300)));
            }
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        if (random.nextInt(10) == 0 && bytes.length > 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }
}
