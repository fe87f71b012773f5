package dev.flujo.core.plan.shape;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How the pipeline language writes time: a whole number and its unit, {@code 30s}, {@code 10m}, {@code 2h} or {@code 7d}. */
public final class TimeSpan {

    private static final Pattern TIME = Pattern.compile("([1-9][0-9]{0,6})([smhd])");
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,4}");
    private static final Pattern LOOSE =
            Pattern.compile("([1-9][0-9]{0,4})\\s*(s|sec|m|min|h|hour|minute|second|d|day)[a-z]{0,2}");
    private static final Pattern WEEKS = Pattern.compile("([1-9][0-9]{0,2})\\s*w(eeks?)?");
    private static final Pattern COMPOSED = Pattern.compile("([0-9]{1,3})h\\s*([0-9]{1,4})m(in)?");

    private TimeSpan() {}

    public static Optional<Duration> parse(String text) {
        Matcher time = TIME.matcher(text);
        if (!time.matches()) {
            return Optional.empty();
        }
        return Optional.of(duration(Long.parseLong(time.group(1)), time.group(2)));
    }

    public static String written(Duration time) {
        if (time.toHours() > 24 && time.toSeconds() % 86_400 == 0) {
            return time.toDays() + "d";
        }
        if (time.toSeconds() % 3600 == 0 && !time.isZero()) {
            return time.toHours() + "h";
        }
        return time.toSeconds() % 60 == 0 && !time.isZero() ? time.toMinutes() + "m" : time.toSeconds() + "s";
    }

    /** What somebody who wrote this probably meant. */
    static Optional<String> meant(String text) {
        String written = text.strip().toLowerCase(Locale.ROOT);
        if (NUMBER.matcher(written).matches()) {
            return Optional.of(written + "m");
        }
        Matcher composed = COMPOSED.matcher(written);
        if (composed.matches()) {
            return Optional.of(Long.parseLong(composed.group(1)) * 60 + Long.parseLong(composed.group(2)) + "m");
        }
        Matcher weeks = WEEKS.matcher(written);
        if (weeks.matches()) {
            return Optional.of(Long.parseLong(weeks.group(1)) * 7 + "d");
        }
        Matcher loose = LOOSE.matcher(written);
        return loose.matches() ? Optional.of(loose.group(1) + loose.group(2).charAt(0)) : Optional.empty();
    }

    /** A regular expression for the times from the shortest to the longest, both in whole seconds. */
    static String pattern(Duration shortest, Duration longest) {
        StringBuilder pattern = new StringBuilder();
        for (String unit : new String[] {"s", "m", "h", "d"}) {
            long seconds = duration(1, unit).toSeconds();
            long most = longest.toSeconds() / seconds;
            long least = Math.max(1, (shortest.toSeconds() + seconds - 1) / seconds);
            if (most >= least) {
                pattern.append(pattern.isEmpty() ? "" : "|")
                        .append(NumberPattern.between(least, most))
                        .append(unit);
            }
        }
        return pattern.toString();
    }

    private static Duration duration(long number, String unit) {
        return switch (unit) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }
}
