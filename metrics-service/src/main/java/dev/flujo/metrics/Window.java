package dev.flujo.metrics;

import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;

/** Whole days in UTC, both ends included: what a number is about. */
public record Window(LocalDate from, LocalDate to) {

    public Window {
        if (from.isAfter(to)) {
            throw new IllegalArgumentException(
                    "Expected a window that begins before it ends, but " + from + " > " + to);
        }
    }

    /** The window of this many days that ends with {@code last}. */
    public static Window ending(LocalDate last, int days) {
        return new Window(last.minusDays(days - 1L), last);
    }

    public int days() {
        return Math.toIntExact(ChronoUnit.DAYS.between(from, to)) + 1;
    }

    public Instant start() {
        return from.atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    /** The first instant after the window. */
    public Instant end() {
        return to.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    public boolean contains(Instant instant) {
        return !instant.isBefore(start()) && instant.isBefore(end());
    }

    /** The window with more days before and after it. */
    public Window widened(int before, int after) {
        return new Window(from.minusDays(before), to.plusDays(after));
    }

    /** The months that the window touches, as {@code yyyymm}. */
    public List<Integer> months() {
        YearMonth last = YearMonth.from(to);
        return Stream.iterate(YearMonth.from(from), month -> !month.isAfter(last), month -> month.plusMonths(1))
                .map(Window::number)
                .toList();
    }

    /** The month of an instant, as {@code yyyymm}. */
    public static int month(Instant instant) {
        return number(YearMonth.from(instant.atOffset(ZoneOffset.UTC)));
    }

    private static int number(YearMonth month) {
        return month.getYear() * 100 + month.getMonthValue();
    }
}
