package dev.flujo.core.plan.convert;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names and values as Flujo has them. */
final class Words {

    private static final Pattern SPAN =
            Pattern.compile("([0-9]+) *(w|weeks?|d|days?|h|hours?|hrs?|m|min|mins|minutes?|s|sec|secs|seconds?)?");

    private Words() {}

    /** A pipeline's name. */
    static String name(String text) {
        String name =
                text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9._-]+", "-").replaceAll("^[^a-z0-9]+|-+$", "");
        return name.isEmpty() ? "main" : name.substring(0, Math.min(63, name.length()));
    }

    /** A job's id. */
    static String id(String text) {
        String id = text.replaceAll("[^A-Za-z0-9_-]+", "-").replaceAll("^[^A-Za-z]+|-+$", "");
        return id.isEmpty() ? "job" : id.substring(0, Math.min(63, id.length()));
    }

    /** A time such as {@code 1h 30m} or {@code 90 minutes}; empty text where it is none. */
    static String span(String text) {
        Matcher matcher = SPAN.matcher(text.strip().toLowerCase(Locale.ROOT));
        long seconds = 0;
        int end = 0;
        while (matcher.find()) {
            String unit = matcher.group(2) == null ? "s" : matcher.group(2);
            long each = unit.startsWith("w")
                    ? 604_800
                    : unit.startsWith("d") ? 86_400 : unit.startsWith("h") ? 3600 : unit.startsWith("m") ? 60 : 1;
            seconds += Long.parseLong(matcher.group(1)) * each;
            end = matcher.end();
        }
        return end == 0 || seconds == 0 ? "" : written(seconds);
    }

    private static String written(long seconds) {
        if (seconds % 86_400 == 0) {
            return seconds / 86_400 + "d";
        }
        if (seconds % 3600 == 0) {
            return seconds / 3600 + "h";
        }
        return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }

    /** The entries of a mapping as texts. */
    static Map<String, String> table(Part part) {
        Map<String, String> table = new LinkedHashMap<>();
        part.fields().forEach((key, value) -> value.text().ifPresent(text -> table.put(key, text)));
        return table;
    }

    /** One text alone, several as a list. */
    static Object one(List<String> texts) {
        return texts.size() == 1 ? texts.get(0) : texts;
    }
}
