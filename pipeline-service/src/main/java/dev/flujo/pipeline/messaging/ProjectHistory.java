package dev.flujo.pipeline.messaging;

import dev.flujo.core.plan.Cron;
import dev.flujo.core.trigger.TriggerEvent;
import dev.flujo.core.trigger.TriggerEvents;
import dev.flujo.event.Outcome;
import dev.flujo.event.plan.Plan;
import dev.flujo.event.plan.Triggers;
import dev.flujo.kit.problem.Problem;
import dev.flujo.pipeline.store.RunIndex;
import dev.flujo.pipeline.store.RunRow;
import dev.flujo.pipeline.store.RunState;
import dev.flujo.pipeline.store.Runs;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What happened in the last days that could have started a pipeline: commits, deployments, requests and records as the logs
 * still have them, ends of runs by the history, and times by the clock.
 */
@ApplicationScoped
public class ProjectHistory {

    private static final Set<RunState> ENDED =
            EnumSet.of(RunState.SUCCEEDED, RunState.FAILED, RunState.ERRORED, RunState.CANCELLED);
    private static final int RUNS_AT_ONCE = 200;

    private final LogHistory logs;
    private final RunIndex index;
    private final Runs runs;
    private final Clock clock;

    /** An event, when it happened, and the inputs that came with it. */
    public record Past(TriggerEvent event, Instant at, Map<String, String> inputs) {}

    /**
     * The newest of them, oldest first.
     *
     * @param complete whether there are no others in that time
     * @param unseen what could not be looked at, and why
     */
    public record Part(List<Past> events, boolean complete, List<String> unseen) {

        public Part {
            events = List.copyOf(events);
            unseen = List.copyOf(unseen);
        }
    }

    ProjectHistory(LogHistory logs, RunIndex index, Runs runs, Clock clock) {
        this.logs = logs;
        this.index = index;
        this.runs = runs;
        this.clock = clock;
    }

    /**
     * What happened to the project, and elsewhere where the plan waits for it, in so long a time before now.
     *
     * @param hears whether the caller may see records of the topics that the plan waits for
     * @throws Problem (503) when the logs or the history are away
     */
    public Part of(String project, Plan plan, Duration time, boolean hears) {
        Instant now = clock.instant();
        Instant since = now.minus(time);
        PastEvents events = new PastEvents();
        List<String> unseen = new ArrayList<>();
        logs.ofProject(project, plan, since, events);
        Set<String> topics = new TreeSet<>();
        plan.on().kafka().forEach(kafka -> topics.add(kafka.topic()));
        for (String topic : topics) {
            if (!hears) {
                unseen.add("records of topic '" + topic + "' are shown only to those who may write");
            } else if (!logs.ofTopic(project, topic, since, events)) {
                unseen.add("there is no topic '" + topic + "'");
            }
        }
        plan.on().schedules().forEach(schedule -> times(schedule, since, now, events));
        finished(project, plan.on().upstream(), since, events);
        return new Part(events.inOrder(), events.complete(), unseen);
    }

    private static void times(Triggers.Schedule schedule, Instant since, Instant now, PastEvents events) {
        Cron cron = Cron.of(schedule.cron());
        ZoneId zone = ZoneId.of(schedule.timezone());
        Deque<Instant> newest = new ArrayDeque<>();
        for (Instant at = cron.next(since, zone); !at.isAfter(now); at = cron.next(at, zone)) {
            newest.add(at);
            if (newest.size() > PastEvents.MOST) {
                newest.remove();
                events.left();
            }
        }
        newest.forEach(at -> events.add(new Past(TriggerEvents.due(schedule), at, Map.of())));
    }

    private void finished(String project, List<Triggers.Upstream> waiting, Instant since, PastEvents events) {
        Set<String> projects = new TreeSet<>();
        waiting.forEach(upstream -> projects.add(upstream.project().orElse(project)));
        for (String other : projects) {
            Set<String> pipelines = new TreeSet<>();
            waiting.stream()
                    .filter(upstream -> upstream.project().orElse(project).equals(other))
                    .forEach(upstream -> pipelines.add(upstream.pipeline()));
            finished(other, pipelines, since, events);
        }
    }

    private void finished(String project, Set<String> pipelines, Instant since, PastEvents events) {
        Optional<RunIndex.Entry> last = Optional.empty();
        for (int seen = 0; ; seen += RUNS_AT_ONCE) {
            List<RunIndex.Entry> entries = index.page(Optional.of(project), last, RUNS_AT_ONCE);
            List<RunIndex.Entry> recent =
                    entries.stream().filter(entry -> entry.at().isAfter(since)).toList();
            runs.findAll(recent.stream().map(RunIndex.Entry::run).toList()).stream()
                    .filter(run -> pipelines.contains(run.pipeline()) && ENDED.contains(run.state()))
                    .forEach(run -> event(run).ifPresent(events::add));
            if (recent.size() < RUNS_AT_ONCE) {
                return;
            }
            if (seen >= 10 * RUNS_AT_ONCE) {
                events.left();
                return;
            }
            last = Optional.of(entries.get(entries.size() - 1));
        }
    }

    private static Optional<Past> event(RunRow run) {
        return run.revision().flatMap(revision -> run.times()
                .finishedAt()
                .map(at -> new Past(
                        TriggerEvents.finished(
                                run.project(),
                                run.pipeline(),
                                run.run(),
                                Outcome.valueOf(run.state().name()),
                                revision),
                        at,
                        Map.of())));
    }
}
