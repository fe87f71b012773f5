package dev.flujo.pipeline.api;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.flujo.kit.problem.Problem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Damaged files: each is answered, never with a failure of the service, and neither for long nor with much memory. */
class LintFuzzTest {

    private static final long SEED = 20261124;
    private static final int FILES = 10_000;
    private static final int LARGE = 200;
    private static final Duration MOST_TIME = Duration.ofMillis(200);
    private static final long MOST_BYTES = 50L * 1024 * 1024;
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final LintResource lint = new LintResource(new KnownTemplates(null));

    @Test
    void answersDamagedFiles() throws IOException {
        DamagedFiles.examples().forEach(source -> answer(source.getBytes(StandardCharsets.UTF_8)));
        int number = 0;
        for (byte[] file : DamagedFiles.ofExamples(FILES, SEED)) {
            check(file, "file " + number++ + " of seed " + SEED);
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
            check(DamagedFiles.damaged(bytes, random), "large file " + i + " of seed " + SEED);
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
}
