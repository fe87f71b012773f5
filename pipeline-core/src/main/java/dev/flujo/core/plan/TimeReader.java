package dev.flujo.core.plan;

import java.time.Duration;
import java.util.Optional;

/** Reads {@code timeout}, within bounds. */
final class TimeReader {

    private final Problems problems;

    TimeReader(Problems problems) {
        this.problems = problems;
    }

    Duration read(Node node, Duration longest, Duration otherwise) {
        if (node instanceof Node.Unreadable) {
            return otherwise;
        }
        Optional<Duration> time = node instanceof Node.Scalar scalar ? TimeSpan.parse(scalar.text()) : Optional.empty();
        boolean within = time.filter(t -> t.compareTo(Limits.SHORTEST) >= 0 && t.compareTo(longest) <= 0)
                .isPresent();
        if (!within) {
            problems.add(
                    node,
                    "Expected `timeout` as a time from " + TimeSpan.written(Limits.SHORTEST) + " to "
                            + TimeSpan.written(longest) + " such as `30s`, `10m` or `2h`, but it is " + node.described()
                            + "; correct it.",
                    () -> time.isPresent() ? Optional.of(TimeSpan.written(longest)) : meant(node, longest));
        }
        return within ? time.get() : otherwise;
    }

    private static Optional<String> meant(Node node, Duration longest) {
        return node instanceof Node.Scalar scalar
                ? TimeSpan.meant(scalar.text()).filter(text -> TimeSpan.parse(text)
                        .filter(time -> time.compareTo(longest) <= 0)
                        .isPresent())
                : Optional.empty();
    }
}
