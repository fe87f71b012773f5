package dev.flujo.event.plan;

import dev.flujo.event.Ordered;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What starts a pipeline. Conditions are CEL over the event; patterns are globs, where {@code !} takes back what an
 * earlier one allowed, and none at all means everything.
 */
public record Triggers(
        Optional<Push> push,
        boolean manual,
        Optional<PullRequest> pullRequest,
        Optional<Tag> tag,
        List<Schedule> schedules,
        Optional<Api> api,
        List<Kafka> kafka,
        List<Upstream> upstream,
        List<Deployment> deployments) {

    /** Pushes to these branches that change these files. */
    public record Push(List<String> branches, List<String> paths, Optional<String> condition) {

        public Push {
            branches = branches == null ? List.of() : List.copyOf(branches);
            paths = paths == null ? List.of() : List.copyOf(paths);
            condition = condition == null ? Optional.empty() : condition;
        }

        /** Pushes to these branches, whatever they change. */
        public Push(List<String> branches) {
            this(branches, List.of(), Optional.empty());
        }
    }

    /** Pull or merge requests into these branches, when one of these things happens to them. */
    public record PullRequest(
            List<String> branches, List<String> paths, List<String> types, Optional<String> condition) {

        public PullRequest {
            branches = branches == null ? List.of() : List.copyOf(branches);
            paths = paths == null ? List.of() : List.copyOf(paths);
            types = types == null ? List.of() : List.copyOf(types);
            condition = condition == null ? Optional.empty() : condition;
        }
    }

    /** New tags with these names. */
    public record Tag(List<String> tags, Optional<String> condition) {

        public Tag {
            tags = tags == null ? List.of() : List.copyOf(tags);
            condition = condition == null ? Optional.empty() : condition;
        }
    }

    /** Times, as cron writes them, in a time zone; the newest commit of the branch is what runs. */
    public record Schedule(String cron, String timezone, String branch, Missed missed, Map<String, String> inputs) {

        /** What becomes of times that passed while nobody could start a run. */
        public enum Missed {
            /** One run for all of them. */
            ONCE,
            /** One run for each of them. */
            EACH,
            SKIP
        }

        public Schedule {
            Objects.requireNonNull(cron, "cron");
            Objects.requireNonNull(timezone, "timezone");
            Objects.requireNonNull(branch, "branch");
            Objects.requireNonNull(missed, "missed");
            inputs = Ordered.copy(inputs);
        }
    }

    /** Programs, over REST. */
    public record Api(Optional<String> condition) {

        public Api {
            condition = condition == null ? Optional.empty() : condition;
        }
    }

    /** Records of any topic. */
    public record Kafka(String topic, Optional<String> condition, String branch, Map<String, String> inputs) {

        public Kafka {
            Objects.requireNonNull(topic, "topic");
            Objects.requireNonNull(branch, "branch");
            condition = condition == null ? Optional.empty() : condition;
            inputs = Ordered.copy(inputs);
        }
    }

    /**
     * Another pipeline that has finished, of this project unless another is named; {@code branches} are those it ran on.
     * Without a branch, the new run works on the other's revision where that is this project's.
     */
    public record Upstream(
            Optional<String> project,
            String pipeline,
            List<String> branches,
            List<String> outcomes,
            Optional<String> branch,
            Map<String, String> inputs,
            Optional<String> condition) {

        public Upstream {
            Objects.requireNonNull(pipeline, "pipeline");
            project = project == null ? Optional.empty() : project;
            branches = branches == null ? List.of() : List.copyOf(branches);
            outcomes = outcomes == null ? List.of() : List.copyOf(outcomes);
            branch = branch == null ? Optional.empty() : branch;
            inputs = Ordered.copy(inputs);
            condition = condition == null ? Optional.empty() : condition;
        }
    }

    /** A deployment of this project to one of these environments that has ended in one of these ways. */
    public record Deployment(
            List<String> environments, List<String> outcomes, Map<String, String> inputs, Optional<String> condition) {

        public Deployment {
            environments = environments == null ? List.of() : List.copyOf(environments);
            outcomes = outcomes == null ? List.of() : List.copyOf(outcomes);
            inputs = Ordered.copy(inputs);
            condition = condition == null ? Optional.empty() : condition;
        }
    }

    public Triggers {
        push = push == null ? Optional.empty() : push;
        pullRequest = pullRequest == null ? Optional.empty() : pullRequest;
        tag = tag == null ? Optional.empty() : tag;
        schedules = schedules == null ? List.of() : List.copyOf(schedules);
        api = api == null ? Optional.empty() : api;
        kafka = kafka == null ? List.of() : List.copyOf(kafka);
        upstream = upstream == null ? List.of() : List.copyOf(upstream);
        deployments = deployments == null ? List.of() : List.copyOf(deployments);
    }

    /** Pushes, and people. */
    public Triggers(Optional<Push> push, boolean manual) {
        this(
                push,
                manual,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                List.of(),
                List.of(),
                List.of());
    }
}
