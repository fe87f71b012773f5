package dev.flujo.core.plan;

import dev.flujo.core.plan.yaml.Spelling;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/** Names of time zones. */
final class Zones {

    private Zones() {}

    static boolean known(String name) {
        return ZoneId.getAvailableZoneIds().contains(name);
    }

    /** The zone that has this name in other letters, or that is a city of this name, or the nearest. */
    static Optional<String> meant(String name) {
        TreeSet<String> known = new TreeSet<>(ZoneId.getAvailableZoneIds());
        String city = "/" + name.substring(name.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        return known.stream()
                .filter(zone -> zone.equalsIgnoreCase(name))
                .findFirst()
                .or(() -> known.stream()
                        .filter(zone -> zone.toLowerCase(Locale.ROOT).endsWith(city))
                        .findFirst())
                .or(() -> Spelling.nearest(name, known));
    }
}
