package dev.flujo.deploy.rollout;

import dev.flujo.deploy.Site;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One stage of a rollout, in all sites of one wave at the same time.
 *
 * @param wave the wave's name; nothing where a deployment has none
 * @param parts the versions in each of the sites
 * @param beside whether both versions are there beside each other for a time, so that one may be looked at alone
 */
record Leg(Optional<String> wave, List<Sides> parts, boolean beside, Stage stage) {

    Leg {
        parts = List.copyOf(parts);
    }

    /** Whether something served before in one of its sites. */
    boolean replaces() {
        return parts.stream().anyMatch(part -> part.old().isPresent());
    }

    List<Site> sites() {
        return parts.stream().flatMap(part -> part.fresh().site().stream()).toList();
    }

    /** With the name of its wave in front. */
    String wave(String text) {
        return wave.map(name -> "wave '" + name + "': ").orElse("") + text;
    }

    /** What is reached, to be put behind what is said of all of it. */
    String sitesTold() {
        return sites().isEmpty()
                ? ""
                : " in " + sites().stream().map(Site::toString).collect(Collectors.joining(", "));
    }
}
