package dev.flujo.deploy;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What happened to environments. Putting the same deployment again changes nothing. */
public interface History {

    /** One deployment: what was deployed by whom, and whether it came to serve. */
    record Entry(
            String project,
            String environment,
            UUID deployment,
            Instant at,
            String state,
            UUID run,
            Optional<String> commit,
            String branch,
            String by,
            Optional<String> address,
            Optional<String> reason,
            Optional<UUID> previous) {}

    void put(Entry entry);

    /** The deployments of an environment, the newest first, from before this moment. */
    List<Entry> entries(String project, String environment, Instant before, int limit);

    /** The environments of a project that something was ever deployed to, by name. */
    List<String> environments(String project);
}
