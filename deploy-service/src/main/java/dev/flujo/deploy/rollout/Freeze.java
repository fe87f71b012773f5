package dev.flujo.deploy.rollout;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Objects;

/**
 * A time in which nothing goes out by itself: from one local date and time to another, or, where days are named, between two
 * local times of each of these days; the end does not belong to it.
 */
public record Freeze(String name, ZoneId zone, String from, String to, List<DayOfWeek> days) {

    /**
     * @throws java.time.DateTimeException if a time is none
     * @throws IllegalArgumentException if it ends before it begins
     */
    public Freeze {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(zone, "zone");
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(to, "to");
        days = days == null ? List.of() : List.copyOf(days);
        boolean ordered = days.isEmpty()
                ? LocalDateTime.parse(from).isBefore(LocalDateTime.parse(to))
                : LocalTime.parse(from).isBefore(LocalTime.parse(to));
        if (!ordered) {
            throw new IllegalArgumentException(
                    "Expected a freeze that begins before it ends, but it is from " + from + " to " + to);
        }
    }

    boolean holds(Instant now) {
        ZonedDateTime local = now.atZone(zone);
        if (days.isEmpty()) {
            LocalDateTime time = local.toLocalDateTime();
            return !time.isBefore(LocalDateTime.parse(from)) && time.isBefore(LocalDateTime.parse(to));
        }
        LocalTime time = local.toLocalTime();
        return days.contains(local.getDayOfWeek())
                && !time.isBefore(LocalTime.parse(from))
                && time.isBefore(LocalTime.parse(to));
    }

    String sentence() {
        return "the environment is frozen (" + name + ") until " + to + " " + zone;
    }
}
