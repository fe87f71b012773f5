package dev.flujo.pipeline.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flujo.core.plan.Extension;
import dev.flujo.event.Decoded;
import dev.flujo.event.Envelope;
import dev.flujo.event.Event;
import dev.flujo.event.EventCodec;
import dev.flujo.event.JobEvent;
import dev.flujo.event.JobEvent.ArtifactPublished;
import dev.flujo.event.JobEvent.JobAssigned;
import dev.flujo.event.JobEvent.JobFinished;
import dev.flujo.event.JobEvent.JobLost;
import dev.flujo.event.JobEvent.JobQueued;
import dev.flujo.event.JobEvent.JobRetrying;
import dev.flujo.event.JobEvent.JobSkipped;
import dev.flujo.event.JobEvent.JobStarted;
import dev.flujo.event.JobEvent.StepFinished;
import dev.flujo.event.JobEvent.StepStarted;
import dev.flujo.event.Outcome;
import dev.flujo.event.RunEvent.RunExtended;
import dev.flujo.event.RunEvent.RunQueued;
import dev.flujo.event.plan.Job;
import dev.flujo.event.plan.Plan;
import dev.flujo.kit.problem.CommonProblem;
import dev.flujo.kit.problem.Problem;
import dev.flujo.pipeline.api.JobView.AttemptView;
import dev.flujo.pipeline.api.JobView.StepView;
import dev.flujo.pipeline.store.RunEvents;
import dev.flujo.pipeline.store.StoredEvent;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** What the log of a run says of its jobs. */
@ApplicationScoped
public class Jobs {

    private static final int AT_ONCE = 1000;
    private static final long END = Long.MAX_VALUE;

    private final RunEvents events;
    private final EventCodec codec;
    private final ObjectMapper json;

    Jobs(RunEvents events, EventCodec codec) {
        this.events = events;
        this.codec = codec;
        this.json = codec.mapper();
    }

    /** The jobs of a run in the order of its plan; further ones stand behind the job that they came out of, or in its place. */
    List<JobView> of(UUID run) {
        Map<String, Told> jobs = new HashMap<>();
        Optional<Plan> plan = Optional.empty();
        for (Envelope envelope : log(run)) {
            Event event = envelope.event();
            if (event instanceof RunQueued queued) {
                plan = Optional.of(Extension.atFirst(queued.plan()));
            } else if (event instanceof RunExtended extended) {
                plan = plan.map(known -> Extension.after(known, extended));
            } else if (event instanceof JobEvent said) {
                jobs.computeIfAbsent(said.attempt().job(), id -> new Told()).hear(envelope, said);
            }
        }
        return plan.map(Plan::jobs).orElse(List.of()).stream()
                .map(job -> jobs.getOrDefault(job.id(), new Told()).view(job))
                .toList();
    }

    JobView one(UUID run, String job) {
        return of(run).stream()
                .filter(view -> view.job().equals(job))
                .findFirst()
                .orElseThrow(() -> new Problem(
                        CommonProblem.NOT_FOUND,
                        "Expected a job of the run, but it has no '" + Inputs.shown(job) + "'"));
    }

    /** The artifacts of a run: of each path the one of the newest attempt. */
    List<ArtifactPublished> artifacts(UUID run) {
        Map<String, ArtifactPublished> found = new LinkedHashMap<>();
        for (Envelope envelope : log(run)) {
            if (envelope.event() instanceof ArtifactPublished artifact) {
                found.put(artifact.attempt().job() + "/" + artifact.path(), artifact);
            }
        }
        return List.copyOf(found.values());
    }

    private List<Envelope> log(UUID run) {
        List<Envelope> log = new ArrayList<>();
        long after = 0;
        List<StoredEvent> page;
        do {
            page = events.page(run, after, END, AT_ONCE);
            for (StoredEvent event : page) {
                log.add(read(event));
                after = event.sequence();
            }
        } while (page.size() == AT_ONCE);
        return log;
    }

    private Envelope read(StoredEvent event) {
        try {
            if (codec.decode(json.readTree(event.json())) instanceof Decoded.Known known) {
                return known.envelope();
            }
            throw new IllegalStateException("Expected a stored event that can be read, but it is " + event.type());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Expected a stored event as JSON, but " + e.getOriginalMessage(), e);
        }
    }

    /** What has been told of one job so far. */
    private static final class Told {

        private final TreeMap<Integer, AttemptView> attempts = new TreeMap<>();
        private String state = "WAITING";
        private Optional<String> reason = Optional.empty();

        JobView view(Job job) {
            return new JobView(job.id(), job.needs(), state, reason, List.copyOf(attempts.values()));
        }

        void hear(Envelope envelope, JobEvent event) {
            int number = event.attempt().number();
            AttemptView before = attempts.getOrDefault(
                    number,
                    new AttemptView(
                            number,
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            0,
                            List.of()));
            if (event instanceof JobSkipped e) {
                state = "SKIPPED";
                reason = Optional.of(e.reason());
            } else if (event instanceof JobQueued) {
                state = "QUEUED";
                attempts.put(number, queued(before, envelope));
            } else if (event instanceof JobAssigned e) {
                state = "ASSIGNED";
                attempts.put(number, with(before, Optional.of(e.runner()), before.steps()));
            } else if (event instanceof JobStarted e) {
                state = "RUNNING";
                attempts.put(number, started(before, e));
            } else if (event instanceof StepStarted e) {
                attempts.put(number, with(before, before.runner(), begun(before.steps(), e)));
            } else if (event instanceof StepFinished e) {
                attempts.put(number, with(before, before.runner(), ended(before.steps(), e)));
            } else if (event instanceof JobFinished e) {
                state = e.outcome().name();
                reason = e.reason();
                attempts.put(number, finished(before, e));
            } else if (event instanceof JobRetrying) {
                state = "PAUSED";
            } else if (event instanceof JobLost e) {
                reason = Optional.of(e.reason());
                attempts.put(number, lost(before, envelope, e));
            }
        }

        private static AttemptView queued(AttemptView a, Envelope envelope) {
            return new AttemptView(
                    a.number(),
                    a.runner(),
                    Optional.of(envelope.time()),
                    a.startedAt(),
                    a.finishedAt(),
                    a.outcome(),
                    a.reason(),
                    a.tests(),
                    a.lines(),
                    a.steps());
        }

        private static AttemptView with(AttemptView a, Optional<String> runner, List<StepView> steps) {
            return new AttemptView(
                    a.number(),
                    runner,
                    a.queuedAt(),
                    a.startedAt(),
                    a.finishedAt(),
                    a.outcome(),
                    a.reason(),
                    a.tests(),
                    a.lines(),
                    steps);
        }

        private static AttemptView started(AttemptView a, JobStarted e) {
            return new AttemptView(
                    a.number(),
                    Optional.of(e.runner()),
                    a.queuedAt(),
                    Optional.of(e.startedAt()),
                    a.finishedAt(),
                    a.outcome(),
                    a.reason(),
                    a.tests(),
                    a.lines(),
                    a.steps());
        }

        private static AttemptView finished(AttemptView a, JobFinished e) {
            return new AttemptView(
                    a.number(),
                    Optional.of(e.runner()),
                    a.queuedAt(),
                    a.startedAt(),
                    Optional.of(e.finishedAt()),
                    Optional.of(e.outcome()),
                    e.reason(),
                    e.tests(),
                    e.lines(),
                    a.steps());
        }

        private static AttemptView lost(AttemptView a, Envelope envelope, JobLost e) {
            return new AttemptView(
                    a.number(),
                    Optional.of(e.runner()),
                    a.queuedAt(),
                    a.startedAt(),
                    Optional.of(envelope.time()),
                    Optional.of(Outcome.ERRORED),
                    Optional.of(e.reason()),
                    a.tests(),
                    a.lines(),
                    a.steps());
        }

        private static List<StepView> begun(List<StepView> steps, StepStarted e) {
            List<StepView> more = new ArrayList<>(steps);
            more.add(new StepView(
                    e.step(), e.name(), e.startedAt(), Optional.empty(), Optional.empty(), Optional.empty(), 0));
            return more;
        }

        private static List<StepView> ended(List<StepView> steps, StepFinished e) {
            return steps.stream()
                    .map(step -> step.step() != e.step()
                            ? step
                            : new StepView(
                                    step.step(),
                                    step.name(),
                                    step.startedAt(),
                                    Optional.of(e.finishedAt()),
                                    Optional.of(e.outcome()),
                                    Optional.of(e.exitCode()),
                                    e.lines()))
                    .toList();
        }
    }
}
