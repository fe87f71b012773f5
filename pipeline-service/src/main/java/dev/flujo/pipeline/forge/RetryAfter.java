package dev.flujo.pipeline.forge;

import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** How long a forge wants to be left alone. */
final class RetryAfter {

    /** Nobody is left alone for longer. */
    private static final Duration LONGEST = Duration.ofHours(1);

    private RetryAfter() {}

    /** What {@code Retry-After} says, in seconds or as a date; or GitHub's own headers where nothing is left of a limit. */
    static Optional<Duration> of(HttpHeaders headers, Instant now) {
        return headers.firstValue("Retry-After")
                .flatMap(text -> text.matches("[0-9]{1,9}")
                        ? Optional.of(Duration.ofSeconds(Long.parseLong(text)))
                        : date(text, now))
                .or(() -> headers.firstValue("X-RateLimit-Remaining")
                        .filter("0"::equals)
                        .flatMap(none -> headers.firstValue("X-RateLimit-Reset"))
                        .filter(text -> text.matches("[0-9]{1,11}"))
                        .map(text -> Duration.between(now, Instant.ofEpochSecond(Long.parseLong(text)))))
                .map(RetryAfter::within);
    }

    private static Optional<Duration> date(String text, Instant now) {
        try {
            Instant at = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return Optional.of(Duration.between(now, at));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Duration within(Duration asked) {
        if (asked.isNegative()) {
            return Duration.ZERO;
        }
        return asked.compareTo(LONGEST) > 0 ? LONGEST : asked;
    }
}
