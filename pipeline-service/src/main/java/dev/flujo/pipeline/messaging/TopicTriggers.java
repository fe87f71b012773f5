package dev.flujo.pipeline.messaging;

import dev.flujo.core.plan.PlanReader;
import dev.flujo.core.plan.PlanReading;
import dev.flujo.core.trigger.TriggerEvents;
import dev.flujo.core.trigger.TriggerMatch;
import dev.flujo.core.trigger.TriggerRules;
import dev.flujo.event.PipelineEvent.PipelineDefined;
import dev.flujo.event.PipelineEvent.PipelineGone;
import dev.flujo.event.SignalEvent.RecordReceived;
import dev.flujo.event.plan.Plan;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Which pipelines wait for records of which topics, by their newest definitions. */
final class TopicTriggers {

    private final Map<String, Waiting> pipelines = new TreeMap<>();

    /** A pipeline that waits for records, since when it has this definition. */
    private record Waiting(String project, Plan plan, Instant since) {

        boolean listens(String topic) {
            return plan.on().kafka().stream()
                    .anyMatch(trigger -> trigger.topic().equals(topic));
        }
    }

    /** A pipeline has this definition from now on. */
    void defined(PipelineDefined defined) {
        Optional<Plan> plan = plan(defined).filter(read -> !read.on().kafka().isEmpty());
        if (plan.isEmpty()) {
            pipelines.remove(defined.subject());
            return;
        }
        Waiting before = pipelines.get(defined.subject());
        Instant since = before == null ? defined.definedAt() : before.since();
        pipelines.put(defined.subject(), new Waiting(defined.project(), plan.get(), since));
    }

    /** A pipeline is none of its project's any more. */
    void gone(PipelineGone gone) {
        pipelines.remove(gone.project() + "/" + gone.pipeline());
    }

    /** The topics that pipelines wait for. */
    Set<String> topics() {
        Set<String> topics = new TreeSet<>();
        pipelines
                .values()
                .forEach(waiting -> waiting.plan().on().kafka().forEach(trigger -> topics.add(trigger.topic())));
        return topics;
    }

    /** Since when records of the topic are waited for. */
    Instant since(String topic) {
        return pipelines.values().stream()
                .filter(waiting -> waiting.listens(topic))
                .map(Waiting::since)
                .min(Instant::compareTo)
                .orElse(Instant.EPOCH);
    }

    /** The projects of which a pipeline waits for records of the topic. */
    Set<String> projects(String topic) {
        Set<String> projects = new TreeSet<>();
        pipelines.values().stream()
                .filter(waiting -> waiting.listens(topic))
                .forEach(waiting -> projects.add(waiting.project()));
        return projects;
    }

    /** Whether the record would start a pipeline of its project, or says a value that an input of one cannot have. */
    boolean concerns(RecordReceived record) {
        return pipelines.values().stream()
                .filter(waiting -> waiting.project().equals(record.project()) && waiting.listens(record.topic()))
                .map(waiting ->
                        TriggerRules.match(waiting.plan(), waiting.project(), TriggerEvents.of(record), Map.of()))
                .anyMatch(match -> match instanceof TriggerMatch.Starts || match instanceof TriggerMatch.Refused);
    }

    /** Most pipelines wait for no topic, and are not read for that. */
    private static Optional<Plan> plan(PipelineDefined defined) {
        return defined.source().contains("kafka")
                        && PlanReader.read(defined.source(), defined.templates())
                                instanceof PlanReading.Readable readable
                ? Optional.of(readable.plan())
                : Optional.empty();
    }
}
