package dev.flujo.core.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CronTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @Test
    void findsTheNextTimeInItsZone() {
        assertEquals(times("2026-11-24T02:00:00Z"), next("0 3 * * *", BERLIN, "2026-11-24T01:59:59Z", 1));
        assertEquals(times("2026-11-25T02:00:00Z"), next("0 3 * * *", BERLIN, "2026-11-24T02:00:00Z", 1));
    }

    @Test
    void takesListsRangesAndSteps() {
        assertEquals(
                times("2026-11-24T08:05:00Z", "2026-11-24T08:25:00Z", "2026-11-24T08:45:00Z", "2026-11-24T10:05:00Z"),
                next("5/20 8-10/2,23 * * *", ZoneId.of("UTC"), "2026-11-24T08:00:00Z", 4));
    }

    @Test
    void takesNamesOfMonthsAndDays() {
        assertEquals(
                times("2027-01-04T00:00:00Z", "2027-01-05T00:00:00Z"),
                next("0 0 * JAN mon-tue", ZoneId.of("UTC"), "2026-11-24T00:00:00Z", 2));
    }

    @Test
    void countsADayIfEitherFieldSaysSo() {
        assertEquals(
                times("2026-12-01T00:00:00Z", "2026-12-04T00:00:00Z", "2026-12-11T00:00:00Z"),
                next("0 0 1 * FRI", ZoneId.of("UTC"), "2026-11-28T00:00:00Z", 3));
    }

    @Test
    void knowsSundayByBothNumbers() {
        assertEquals(
                next("0 0 * * 0", ZoneId.of("UTC"), "2026-11-24T00:00:00Z", 3),
                next("0 0 * * 7", ZoneId.of("UTC"), "2026-11-24T00:00:00Z", 3));
    }

    @Test
    void makesUpForAnHourThatSummerTimeSkips() {
        assertEquals(
                times("2027-03-27T01:30:00Z", "2027-03-28T01:30:00Z", "2027-03-29T00:30:00Z"),
                next("30 2 * * *", BERLIN, "2027-03-27T00:00:00Z", 3));
    }

    @Test
    void countsAnHourThatComesTwiceOnce() {
        assertEquals(
                times("2026-10-24T00:30:00Z", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"),
                next("30 2 * * *", BERLIN, "2026-10-24T00:00:00Z", 3));
    }

    @Test
    void findsALeapDay() {
        assertEquals(times("2028-02-29T00:00:00Z"), next("0 0 29 2 *", ZoneId.of("UTC"), "2026-11-24T00:00:00Z", 1));
        assertEquals(times("2104-02-29T00:00:00Z"), next("0 0 29 2 *", ZoneId.of("UTC"), "2096-03-01T00:00:00Z", 1));
    }

    private static List<Instant> next(String cron, ZoneId zone, String after, int count) {
        List<Instant> times = new ArrayList<>();
        Instant at = Instant.parse(after);
        for (int i = 0; i < count; i++) {
            at = Cron.of(cron).next(at, zone);
            times.add(at);
        }
        return times;
    }

    private static List<Instant> times(String... times) {
        return List.of(times).stream().map(Instant::parse).toList();
    }
}
