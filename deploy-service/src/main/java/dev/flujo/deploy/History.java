package dev.flujo.deploy;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What happened to environments. Putting the same deployment again changes nothing. */
public interface History {

    /** One deployment: what was deployed by whom, and whether it came to serve; or the end of the environment. */
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
            Optional<UUID> previous) {

        /** The state that says that from then on nothing serves. */
        public static final String TAKEN_DOWN = "TAKEN_DOWN";
    }

    void put(Entry entry);

    /** A place between the deployments of an environment: after the one with this id that was at this moment. */
    record Place(Instant at, UUID deployment) {

        /** Before the newest one. */
        public static final Place NEWEST = new Place(Instant.ofEpochMilli(Long.MAX_VALUE / 1000), new UUID(0, 0));
    }

    /** At most so many deployments of an environment from this place on, the newest first. */
    List<Entry> entries(String project, String environment, Place place, int most);

    /** At most so many environments of a project that something was ever deployed to, after this name and by name. */
    List<String> environments(String project, String after, int most);
}
