package dev.flujo.deploy;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** What went wrong in environments, as other tools report it. Noting the same again changes nothing, in whatever order it comes. */
public interface Incidents {

    /**
     * One incident, as far as it is known.
     *
     * @param deployment the deployment that it followed
     * @param ticket where people write about it
     */
    record Incident(
            String id,
            Optional<Instant> detectedAt,
            Optional<Instant> resolvedAt,
            Optional<String> description,
            Optional<UUID> deployment,
            Optional<String> ticket) {}

    /** Adds what is known now to what was known of the incident. */
    void note(Environment environment, Incident incident);

    /** At most so many incidents of an environment by id, after this one. */
    List<Incident> incidents(Environment environment, String after, int most);

    /** The incidents that followed these deployments. */
    List<Incident> ofDeployments(Environment environment, Set<UUID> deployments);
}
