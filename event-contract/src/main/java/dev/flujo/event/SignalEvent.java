package dev.flujo.event;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** What happened outside of a project and may start its pipelines. */
public sealed interface SignalEvent extends Event {

    String project();

    /**
     * A record of a topic that a pipeline of the project waits for.
     *
     * @param payload the value as JSON, or as text where it is none; nothing where it is empty
     */
    record RecordReceived(
            String project,
            String topic,
            int partition,
            long offset,
            Optional<String> key,
            Map<String, String> headers,
            Optional<Object> payload,
            Instant receivedAt)
            implements SignalEvent {

        public RecordReceived {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(topic, "topic");
            Objects.requireNonNull(receivedAt, "receivedAt");
            key = key == null ? Optional.empty() : key;
            headers = Ordered.copy(headers);
            payload = payload == null ? Optional.empty() : payload;
        }

        @Override
        public String subject() {
            return topic + "-" + partition + "@" + offset;
        }
    }

    /**
     * A run of another project has ended, of a pipeline whose ends the project waits for.
     *
     * @param depth how many runs came one after the other before that one, each started by the end of the one before
     * @param age how old what the run worked on is
     */
    record UpstreamFinished(
            String project,
            String upstream,
            String pipeline,
            UUID run,
            Outcome outcome,
            Revision revision,
            String by,
            int depth,
            Optional<Instant> age)
            implements SignalEvent {

        public UpstreamFinished {
            age = age == null ? Optional.empty() : age;
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(upstream, "upstream");
            Objects.requireNonNull(pipeline, "pipeline");
            Objects.requireNonNull(run, "run");
            Objects.requireNonNull(outcome, "outcome");
            Objects.requireNonNull(revision, "revision");
            Objects.requireNonNull(by, "by");
        }

        @Override
        public String subject() {
            return run.toString();
        }
    }

    /** Another project wants to be told when runs of these pipelines have ended, and of no others. */
    record UpstreamWatched(String project, String watcher, List<String> pipelines) implements SignalEvent {

        public UpstreamWatched {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(watcher, "watcher");
            pipelines = pipelines == null ? List.of() : List.copyOf(pipelines);
        }

        @Override
        public String subject() {
            return watcher;
        }
    }

    /**
     * What a forge says of the project's repository when it is asked: it may have sent what nobody has heard.
     *
     * @param branches the newest commits of branches; those that have not changed lately may be missing
     * @param requests the requests that are open; those that have not changed lately may be missing
     * @param askedAt when it was asked, before it answered
     */
    record RepositorySeen(
            String project, String forge, List<SeenBranch> branches, List<SeenRequest> requests, Instant askedAt)
            implements SignalEvent {

        public RepositorySeen {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(forge, "forge");
            Objects.requireNonNull(askedAt, "askedAt");
            branches = branches == null ? List.of() : List.copyOf(branches);
            requests = requests == null ? List.of() : List.copyOf(requests);
        }

        @Override
        public String subject() {
            return project;
        }
    }
}
