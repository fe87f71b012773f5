package dev.flujo.core.plan;

import dev.flujo.core.plan.yaml.Quote;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * Times as cron writes them, by the minute. A day counts if the day of the month or the day of the week says so, and both
 * must where one of them begins with {@code *}. In a time zone, an hour that is skipped is made up for right after the gap,
 * and one that comes twice counts the first time.
 */
public final class Cron {

    private static final List<String> MONTHS =
            List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");
    private static final List<String> DAYS = List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");

    /** February 29th comes within eight years, also around a century that has none. */
    private static final int MOST_DAYS = 9 * 366;

    private final BitSet minutes;
    private final BitSet hours;
    private final BitSet days;
    private final BitSet months;
    private final BitSet weekdays;
    private final boolean everyDay;

    private Cron(List<CronField> fields) {
        minutes = fields.get(0).values();
        hours = fields.get(1).values();
        days = fields.get(2).values();
        months = fields.get(3).values();
        weekdays = fields.get(4).values();
        everyDay = fields.get(2).star() || fields.get(4).star();
    }

    /**
     * Reads five fields.
     *
     * @throws IllegalArgumentException if they mean nothing
     */
    public static Cron of(String text) {
        String[] parts = text.strip().split(" +", -1);
        if (parts.length != 5) {
            throw new IllegalArgumentException(Quote.of(text) + " has " + parts.length + " fields; write five");
        }
        Cron cron = new Cron(List.of(
                CronField.of("minute", parts[0], 0, 59, List.of()),
                CronField.of("hour", parts[1], 0, 23, List.of()),
                CronField.of("day of the month", parts[2], 1, 31, List.of()),
                CronField.of("month", parts[3], 1, 12, MONTHS),
                CronField.of("day of the week", parts[4], 0, 7, DAYS)));
        if (cron.weekdays.get(7)) {
            cron.weekdays.set(0);
        }
        if (cron.next(LocalDateTime.of(2024, 1, 1, 0, 0)).isEmpty()) {
            throw new IllegalArgumentException(Quote.of(text) + " names a day that no month has; correct it");
        }
        return cron;
    }

    /** What is wrong with the text, as the second half of a sentence. */
    static Optional<String> refusal(String text) {
        try {
            of(text);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(e.getMessage());
        }
    }

    /** The first time after this one. */
    public Instant next(Instant after, ZoneId zone) {
        LocalDateTime from = LocalDateTime.ofInstant(after, zone);
        for (LocalDateTime at = from; ; ) {
            at = next(at).orElseThrow(() -> new DateTimeException("Expected a next time, but there is none"));
            // In a gap the clock's rule moves it behind the gap; in an overlap it takes the earlier of both.
            Instant instant = at.atZone(zone).toInstant();
            if (instant.isAfter(after)) {
                return instant;
            }
        }
    }

    private Optional<LocalDateTime> next(LocalDateTime after) {
        LocalDateTime from = after.withSecond(0).withNano(0).plusMinutes(1);
        LocalDate day = from.toLocalDate();
        for (int i = 0; i < MOST_DAYS; i++, day = day.plusDays(1)) {
            if (!months.get(day.getMonthValue())) {
                day = day.withDayOfMonth(day.lengthOfMonth());
                continue;
            }
            if (dayCounts(day)) {
                Optional<LocalDateTime> time = timeOf(day, i == 0 ? from : day.atStartOfDay());
                if (time.isPresent()) {
                    return time;
                }
            }
        }
        return Optional.empty();
    }

    private boolean dayCounts(LocalDate day) {
        boolean byMonth = days.get(day.getDayOfMonth());
        boolean byWeek = weekdays.get(day.getDayOfWeek().getValue() % 7);
        return everyDay ? byMonth && byWeek : byMonth || byWeek;
    }

    private Optional<LocalDateTime> timeOf(LocalDate day, LocalDateTime from) {
        int first = from.toLocalDate().equals(day) ? from.getHour() : 0;
        for (int hour = hours.nextSetBit(first); hour >= 0; hour = hours.nextSetBit(hour + 1)) {
            int least = hour == from.getHour() && from.toLocalDate().equals(day) ? from.getMinute() : 0;
            int minute = minutes.nextSetBit(least);
            if (minute >= 0) {
                return Optional.of(day.atTime(hour, minute));
            }
        }
        return Optional.empty();
    }
}
