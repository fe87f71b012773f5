package dev.flujo.runner.executor.dummy;

import dev.flujo.event.Work;
import dev.flujo.event.plan.Step;
import dev.flujo.runner.AttemptDirectory;
import dev.flujo.runner.executor.Execution;
import dev.flujo.runner.executor.JobExecutor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Acts out steps without executing anything. Each line of a step's {@code run} is a word of the script: {@code print
 * TEXT}, {@code wait MILLIS}, {@code exit CODE}; any other line does nothing.
 */
public final class DummyExecutor implements JobExecutor {

    @Override
    public Execution begin(AttemptDirectory directory, Work work, Map<String, String> environment) throws IOException {
        Files.writeString(directory.events(), "");
        return new Acted(directory, work);
    }

    @Override
    public boolean begun(AttemptDirectory directory) {
        return Files.exists(directory.events());
    }

    /** Nothing is left of a play when its stage is gone. */
    @Override
    public Execution takeUp(AttemptDirectory directory, Work work) {
        return new Execution() {
            @Override
            public Transition next() {
                return new Transition.Vanished();
            }

            @Override
            public void stop(Duration patience) {
                // Nothing runs.
            }
        };
    }

    private static final class Acted implements Execution {

        private static final int STOPPED = 143;

        private final AttemptDirectory directory;
        private final Deque<Step> open;
        private final CountDownLatch stopped = new CountDownLatch(1);
        private int step = -1;
        private boolean began;
        private boolean failed;

        Acted(AttemptDirectory directory, Work work) {
            this.directory = directory;
            this.open = new ArrayDeque<>(work.job().steps());
        }

        @Override
        public Transition next() throws IOException, InterruptedException {
            if (began) {
                began = false;
                int code = act(open.poll());
                failed = code != 0;
                return new Transition.StepEnded(step, code, Instant.now());
            }
            if (open.isEmpty() || failed) {
                return new Transition.Ended();
            }
            step++;
            began = true;
            return new Transition.StepBegan(step, Instant.now());
        }

        @Override
        public void stop(Duration patience) {
            stopped.countDown();
        }

        private int act(Step script) throws IOException, InterruptedException {
            for (String line : script.run().lines().toList()) {
                String rest = line.substring(Math.min(line.length(), line.indexOf(' ') + 1));
                if (line.startsWith("print ")) {
                    Files.writeString(
                            directory.output(step), rest + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                } else if (line.startsWith("wait ")
                        && stopped.await(Long.parseLong(rest.trim()), TimeUnit.MILLISECONDS)) {
                    return STOPPED;
                } else if (line.startsWith("exit ")) {
                    return Integer.parseInt(rest.trim());
                }
            }
            return 0;
        }
    }
}
