package dev.flujo.metrics.api;

import dev.flujo.kit.problem.CommonProblem;
import dev.flujo.kit.problem.Problem;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.UriInfo;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The parameters of a request, read strictly: what is not known, repeated or malformed is refused with what was expected. */
final class Parameters {

    private static final int MOST_CHARACTERS = 200;
    private static final LocalDate FIRST = LocalDate.of(2000, 1, 1);
    private static final LocalDate LAST = LocalDate.of(2999, 12, 31);

    private final MultivaluedMap<String, String> given;

    private Parameters(MultivaluedMap<String, String> given) {
        this.given = given;
    }

    static Parameters of(UriInfo uri, List<String> known) {
        MultivaluedMap<String, String> given = uri.getQueryParameters();
        given.forEach((name, values) -> {
            if (!known.contains(name)) {
                throw refused("only the parameters " + String.join(", ", known), "found '" + clipped(name) + "'");
            }
            if (values.size() > 1) {
                throw refused("the parameter '" + name + "' once", "found it " + values.size() + " times");
            }
        });
        return new Parameters(given);
    }

    String required(String name) {
        return optional(name).orElseThrow(() -> refused("the parameter '" + name + "'", "it is missing"));
    }

    Optional<String> optional(String name) {
        Optional<String> value = Optional.ofNullable(given.getFirst(name));
        value.ifPresent(text -> {
            if (text.isBlank()
                    || text.length() > MOST_CHARACTERS
                    || text.chars().anyMatch(c -> Character.isISOControl(c) || Character.isSurrogate((char) c))) {
                throw refused(
                        "a name of 1 to " + MOST_CHARACTERS + " printable characters as '" + name + "'",
                        "found '" + clipped(text) + "'");
            }
        });
        return value;
    }

    int number(String name, int otherwise, int least, int most) {
        Optional<String> text = Optional.ofNullable(given.getFirst(name));
        if (text.isEmpty()) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(text.get());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw notANumber(name, least, most, text.get(), e);
        }
        throw notANumber(name, least, most, text.get(), null);
    }

    LocalDate date(String name, LocalDate otherwise) {
        Optional<String> text = Optional.ofNullable(given.getFirst(name));
        if (text.isEmpty()) {
            return otherwise;
        }
        String expected = "a date from " + FIRST + " to " + LAST + " as '" + name + "'";
        try {
            LocalDate date = LocalDate.parse(text.get());
            if (!date.isBefore(FIRST) && !date.isAfter(LAST)) {
                return date;
            }
        } catch (DateTimeException e) {
            throw refused(expected, "found '" + clipped(text.get()) + "'", e);
        }
        throw refused(expected, "found '" + clipped(text.get()) + "'");
    }

    /** The run that a path names. */
    static UUID run(String text) {
        try {
            UUID run = UUID.fromString(text);
            if (run.toString().equalsIgnoreCase(text)) {
                return run;
            }
        } catch (IllegalArgumentException e) {
            throw refused("a run's id (a UUID) in the path", "found '" + clipped(text) + "'", e);
        }
        throw refused("a run's id (a UUID) in the path", "found '" + clipped(text) + "'");
    }

    static Problem refused(String expected, String found) {
        return refused(expected, found, null);
    }

    private static Problem refused(String expected, String found, Throwable cause) {
        return new Problem(CommonProblem.BAD_REQUEST, "Expected " + expected + ", but " + found, cause);
    }

    private static Problem notANumber(String name, int least, int most, String text, Throwable cause) {
        return refused(
                "a whole number from " + least + " to " + most + " as '" + name + "'",
                "found '" + clipped(text) + "'",
                cause);
    }

    private static String clipped(String text) {
        return text.length() > 60 ? text.substring(0, 60) + "..." : text;
    }
}
