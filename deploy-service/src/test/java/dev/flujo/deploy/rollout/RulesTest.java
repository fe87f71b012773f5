package dev.flujo.deploy.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RulesTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @Test
    void everythingGoesOutByItselfWithoutRules() {
        assertEquals(Optional.empty(), Rules.NONE.question(Instant.parse("2026-12-24T18:00:00Z")));
    }

    @Test
    void aFreezeHoldsFromItsBeginToItsEndInItsOwnTimeZone() {
        Freeze freeze = new Freeze("holidays", BERLIN, "2026-12-20T00:00", "2027-01-05T08:00", List.of());

        assertEquals(false, freeze.holds(Instant.parse("2026-12-19T22:59:59Z")));
        assertEquals(true, freeze.holds(Instant.parse("2026-12-19T23:00:00Z")));
        assertEquals(true, freeze.holds(Instant.parse("2027-01-05T06:59:59Z")));
        assertEquals(false, freeze.holds(Instant.parse("2027-01-05T07:00:00Z")));
    }

    @Test
    void aWeeklyFreezeFollowsTheClocksOfItsZoneInSummerAndWinter() {
        Freeze friday = new Freeze("friday", BERLIN, "16:00", "23:59:59", List.of(DayOfWeek.FRIDAY));

        assertEquals(true, friday.holds(Instant.parse("2026-07-03T14:00:00Z")));
        assertEquals(false, friday.holds(Instant.parse("2026-07-03T13:59:00Z")));
        assertEquals(false, friday.holds(Instant.parse("2026-12-04T14:30:00Z")));
        assertEquals(true, friday.holds(Instant.parse("2026-12-04T15:00:00Z")));
        assertEquals(false, friday.holds(Instant.parse("2026-12-05T15:00:00Z")));
    }

    @Test
    void tellsEverythingThatIsInTheWay() {
        Freeze freeze = new Freeze("holidays", BERLIN, "2026-12-20T00:00", "2027-01-05T08:00", List.of());
        Rules rules = new Rules(true, Optional.empty(), List.of(freeze), false);

        assertEquals(
                Optional.of("the environment is frozen (holidays) until 2027-01-05T08:00 Europe/Berlin, and the"
                        + " environment wants an approval"),
                rules.question(Instant.parse("2026-12-24T18:00:00Z")));
        assertEquals(
                Optional.of("the environment wants an approval"),
                rules.question(Instant.parse("2027-02-01T00:00:00Z")));
    }

    @Test
    void refusesTimesThatAreNoneAndFreezesThatEndBeforeTheyBegin() {
        assertThrows(DateTimeException.class, () -> new Freeze("x", BERLIN, "tomorrow", "2027-01-05T08:00", List.of()));
        assertThrows(
                IllegalArgumentException.class,
                () -> new Freeze("x", BERLIN, "16:00", "15:00", List.of(DayOfWeek.FRIDAY)));
    }
}
