package dev.flujo.scenario;

import dev.flujo.event.JobEvent.Leaves;
import dev.flujo.event.JobEvent.Output;
import dev.flujo.event.Work;
import dev.flujo.event.plan.Condition;
import dev.flujo.event.plan.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the steps of an attempt do, in the words of the dummy executor. */
final class DummySteps {

    private final Work work;
    private final StringBuilder log = new StringBuilder();
    private final Map<String, String> outputs = new LinkedHashMap<>();
    private final Map<String, String> files = new LinkedHashMap<>();
    private Optional<String> failure = Optional.empty();
    private long waited;

    DummySteps(Work work) {
        this.work = work;
        for (Step step : work.job().steps()) {
            Condition condition = step.settings().condition();
            boolean runs = condition.expression().isEmpty()
                    && (condition.always() || failure.isPresent() == condition.onFailure());
            Optional<String> failed = runs ? act(step) : Optional.empty();
            if (!step.settings().continueOnError()) {
                failure = failure.or(() -> failed);
            }
        }
    }

    String log() {
        return log.toString();
    }

    /** How long they take. */
    Duration took() {
        return Duration.ofMillis(waited);
    }

    /** What failed, in the words of {@code retry}. */
    Optional<String> failure() {
        return failure;
    }

    /** How long they took, but for the time that nothing takes here. */
    Duration waited() {
        return Duration.ofMillis(waited);
    }

    Optional<Leaves> leaves() {
        List<Output> left = new ArrayList<>();
        outputs.forEach((name, text) -> left.add(new Output(
                name,
                text.length(),
                "0".repeat(64),
                Optional.of(text).filter(value -> value.length() <= Output.LONGEST_TEXT))));
        Optional<String> generated = work.job().results().generate().map(files::get);
        return left.isEmpty() && generated.isEmpty() ? Optional.empty() : Optional.of(new Leaves(left, generated));
    }

    private Optional<String> act(Step step) {
        long left = step.settings().timeout().map(time -> time.toMillis()).orElse(Long.MAX_VALUE);
        for (String line : step.run().lines().toList()) {
            String[] words = line.split(" ", 3);
            switch (words[0]) {
                case "print" -> log.append(line.substring("print ".length())).append('\n');
                case "show" ->
                    log.append(words[1])
                            .append('=')
                            .append(value(step, words[1]))
                            .append('\n');
                case "output" -> outputs.put(words[1], words[2]);
                case "write" -> files.put(words[1], words[2].replace("\\n", "\n"));
                case "wait" -> {
                    long time = Long.parseLong(words[1]);
                    waited += Math.min(time, left);
                    left -= time;
                    if (left < 0) {
                        return Optional.of("timeout");
                    }
                }
                case "exit" -> {
                    return words[1].equals("0") ? Optional.empty() : Optional.of("exit:" + words[1]);
                }
                case "fail-before" -> {
                    if (work.attempt().number() < Integer.parseInt(words[1])) {
                        return Optional.of("exit:" + words[2]);
                    }
                }
                default -> {
                    // Not a word of the script.
                }
            }
        }
        return Optional.empty();
    }

    /** A secret is hidden in whatever is printed. */
    private String value(Step step, String name) {
        List<String> own = step.settings().secrets();
        if ((own.isEmpty() ? work.job().supplies().secrets() : own).contains(name)) {
            return "***";
        }
        return step.env().getOrDefault(name, work.env().getOrDefault(name, ""));
    }
}
