package dev.flujo.runner.executor.dummy;

import dev.flujo.event.Work;
import dev.flujo.event.plan.Step;
import dev.flujo.runner.AttemptDirectory;
import dev.flujo.runner.executor.Execution;
import dev.flujo.runner.executor.JobExecutor;
import dev.flujo.runner.executor.JobPlace;
import dev.flujo.runner.executor.StepOrder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Acts out steps without executing anything. Each line of a step's {@code run} is a word of the script: {@code print
 * TEXT}, {@code show VARIABLE}, {@code output NAME TEXT}, {@code write FILE TEXT} (with {@code \\n} for line ends), {@code
 * wait MILLIS}, {@code exit CODE}, {@code fail-before ATTEMPT CODE}; any other line does nothing.
 */
public final class DummyExecutor implements JobExecutor {

    @Override
    public String isolation() {
        return "jobs are acted out, nothing is executed";
    }

    @Override
    public JobPlace place(AttemptDirectory directory) {
        return JobPlace.here(directory, directory.home());
    }

    @Override
    public Execution begin(AttemptDirectory directory, Work work, Map<String, String> environment) throws IOException {
        Files.writeString(directory.events(), "");
        return new Acted(directory, work, environment);
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
        private final Work work;
        private final Map<String, String> environment;
        private final Deque<Step> open;
        private final StepOrder order = new StepOrder();
        private final CountDownLatch stopped = new CountDownLatch(1);
        private int step = -1;
        private Optional<Step> began = Optional.empty();

        Acted(AttemptDirectory directory, Work work, Map<String, String> environment) {
            this.directory = directory;
            this.work = work;
            this.environment = environment;
            this.open = new ArrayDeque<>(work.job().steps());
        }

        @Override
        public Transition next() throws IOException, InterruptedException {
            if (began.isPresent()) {
                Step acted = began.get();
                began = Optional.empty();
                int code = act(acted);
                order.ended(acted, code);
                return new Transition.StepEnded(step, code, Instant.now());
            }
            while (!open.isEmpty() && stopped.getCount() > 0) {
                Step next = open.poll();
                step++;
                if (order.runs(next)) {
                    began = Optional.of(next);
                    return new Transition.StepBegan(step, Instant.now());
                }
            }
            return new Transition.Ended();
        }

        @Override
        public void stop(Duration patience) {
            stopped.countDown();
        }

        private int act(Step script) throws IOException, InterruptedException {
            long left = script.settings().timeout().map(Duration::toMillis).orElse(Long.MAX_VALUE);
            for (String line : script.run().lines().toList()) {
                String[] words = line.split(" ", 3);
                String first = words.length > 1 ? words[1] : "";
                String second = words.length > 2 ? words[2] : "";
                switch (words[0]) {
                    case "print" -> print(line.substring("print ".length()));
                    case "show" -> print(first + "=" + value(script, first));
                    case "output" -> write(directory.outputs().resolve(first), second);
                    case "write" -> write(directory.workspace().resolve(first), second);
                    case "wait" -> {
                        long time = Long.parseLong(first);
                        if (stopped.await(Math.min(time, left), TimeUnit.MILLISECONDS)) {
                            return STOPPED;
                        }
                        if (time > left) {
                            return TOO_LONG;
                        }
                        left -= time;
                    }
                    case "exit" -> {
                        return Integer.parseInt(first);
                    }
                    case "fail-before" -> {
                        if (work.attempt().number() < Integer.parseInt(first)) {
                            return Integer.parseInt(second);
                        }
                    }
                    default -> {
                        // Not a word of the script.
                    }
                }
            }
            return 0;
        }

        private String value(Step script, String name) {
            return script.env().getOrDefault(name, environment.getOrDefault(name, ""));
        }

        private void print(String text) throws IOException {
            Files.writeString(
                    directory.output(step), text + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }

        private static void write(Path file, String text) throws IOException {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text.replace("\\n", "\n"));
        }
    }
}
