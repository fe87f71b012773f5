package dev.flujo.deploy;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Which deployment was given which version of which setting or secret. Putting the same again changes nothing. */
public interface ConfigHistory {

    /** One version of one item at one deployment, and since when. */
    record Seen(String project, String environment, String item, int version, UUID deployment, UUID run, Instant at) {}

    void put(List<Seen> seen);

    /** At most so many deployments that were given an item, by its newest version first. */
    List<Seen> ofItem(Environment environment, String item, int most);

    /** What these deployments were given. */
    List<Seen> ofDeployments(Environment environment, Set<UUID> deployments);
}
