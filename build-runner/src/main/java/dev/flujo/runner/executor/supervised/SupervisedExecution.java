package dev.flujo.runner.executor.supervised;

import dev.flujo.runner.executor.Execution;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/** An execution as its supervisor tells it. */
public final class SupervisedExecution implements Execution {

    private static final BigDecimal NANOS = BigDecimal.valueOf(1_000_000_000L);

    private final Consumer<Duration> end;
    private final SupervisorLines lines;

    /** @param end ends everything that belongs to it, and takes a patience */
    public SupervisedExecution(Consumer<Duration> end, SupervisorLines lines) {
        this.end = end;
        this.lines = lines;
    }

    @Override
    public Transition next() throws IOException, InterruptedException {
        while (true) {
            Optional<String> line = lines.next();
            if (line.isEmpty()) {
                return new Transition.Vanished();
            }
            Optional<Transition> transition = transition(line.get().split(" ", -1));
            if (transition.isPresent()) {
                return transition.get();
            }
        }
    }

    /** What a line says; none for the supervisor's own beginning. */
    private Optional<Transition> transition(String[] words) throws IOException, InterruptedException {
        return switch (words[0]) {
            case "begun" -> Optional.empty();
            case "began" -> Optional.of(new Transition.StepBegan(Integer.parseInt(words[1]), instant(words[2])));
            case "ended" ->
                Optional.of(new Transition.StepEnded(
                        Integer.parseInt(words[1]), Integer.parseInt(words[2]), instant(words[3]), ranOut(words)));
            case "done" -> {
                lines.awaitEnd();
                yield Optional.of(new Transition.Ended());
            }
            default ->
                throw new IOException("Expected a line of the supervisor, but it said: " + String.join(" ", words));
        };
    }

    private static Optional<RanOut> ranOut(String[] words) {
        return words.length < 5 ? Optional.empty() : Optional.of(RanOut.valueOf(words[4].toUpperCase(Locale.ROOT)));
    }

    @Override
    public void stop(Duration patience) {
        end.accept(patience);
    }

    /** bash writes the fraction with the locale's separator. */
    private static Instant instant(String seconds) {
        BigDecimal value = new BigDecimal(seconds.replace(',', '.'));
        long nanos = value.multiply(NANOS).longValueExact();
        return Instant.ofEpochSecond(nanos / 1_000_000_000L, nanos % 1_000_000_000L);
    }
}
