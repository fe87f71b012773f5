package dev.flujo.pipeline.api;

import dev.flujo.core.plan.PlanReader;
import dev.flujo.core.plan.expression.Evaluation;
import dev.flujo.core.trigger.TriggerEvent;
import dev.flujo.core.trigger.TriggerEvents;
import dev.flujo.core.trigger.TriggerMatch;
import dev.flujo.core.trigger.TriggerRules;
import dev.flujo.event.CommandEvent.StartRun;
import dev.flujo.event.DerivedId;
import dev.flujo.event.Envelope;
import dev.flujo.event.Topic;
import dev.flujo.event.plan.Plan;
import dev.flujo.kit.problem.CommonProblem;
import dev.flujo.kit.problem.Problem;
import dev.flujo.pipeline.messaging.AcceptedRuns;
import dev.flujo.pipeline.messaging.RunFold;
import dev.flujo.pipeline.store.Pipelines;
import dev.flujo.pipeline.store.RunRow;
import dev.flujo.pipeline.store.Runs;
import dev.flujo.pipeline.store.Sources;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/** Takes requests to start a run in. A run's id follows from pipeline and key, so a repeated request is the same run. */
@ApplicationScoped
public class RunStarts {

    private static final URI SOURCE = URI.create("/flujo/api");
    private static final Duration BELIEVED = Duration.ofSeconds(2);

    /** Nobody waits longer for a history that is busy, only to hear that a key was used before. */
    private static final Duration TO_REMEMBER = Duration.ofMillis(500);

    private static final Logger LOG = Logger.getLogger(RunStarts.class);

    private final Commands commands;
    private final AcceptedRuns accepted;
    private final Pipelines pipelines;
    private final PipelineDefinitions definitions;
    private final Sources sources;
    private final Runs runs;
    private final Map<String, Long> startable = new ConcurrentHashMap<>();

    /** What is asked for. */
    record Request(
            String project,
            String pipeline,
            String branch,
            Optional<String> commit,
            Optional<String> key,
            Map<String, String> inputs,
            Optional<Map<String, Object>> payload) {}

    RunStarts(
            Commands commands,
            AcceptedRuns accepted,
            Pipelines pipelines,
            PipelineDefinitions definitions,
            Sources sources,
            Runs runs) {
        this.commands = commands;
        this.accepted = accepted;
        this.pipelines = pipelines;
        this.definitions = definitions;
        this.sources = sources;
        this.runs = runs;
    }

    /** Returns the run once Kafka has the request for it. */
    RunRow start(Request request) {
        checkStartable(request);
        String key = request.key().orElseGet(() -> UUID.randomUUID().toString());
        UUID run = DerivedId.run(request.project(), request.pipeline(), key);
        StartRun start = new StartRun(
                request.project(),
                run,
                request.pipeline(),
                request.branch(),
                request.commit(),
                commands.by(),
                key,
                commands.now(),
                request.inputs(),
                request.payload());
        // The chain follows from the body, so a run tells whether it was asked for with this body or with another.
        UUID chain = chain(request, run);
        RunRow asked = RunFold.asked(start, Envelope.of(chain.toString(), SOURCE, start.receivedAt(), chain, start));
        Optional<RunRow> earlier = accepted.begin(asked);
        try {
            Optional<RunRow> stored = request.key().isPresent() ? stored(run) : Optional.empty();
            earlier.or(() -> stored).ifPresent(same -> checkSame(same, chain));
            if (stored.isPresent()) {
                return stored.get();
            }
            commands.send(new Commands.Command("run.start", Topic.COMMANDS, chain.toString(), chain, start));
            return earlier.orElse(asked);
        } catch (Problem e) {
            if (earlier.isEmpty()) {
                accepted.forget(run);
            }
            throw e;
        }
    }

    private static UUID chain(Request request, UUID run) {
        List<String> parts = new ArrayList<>(List.of(
                "start", run.toString(), request.branch(), request.commit().orElse("")));
        new TreeMap<>(request.inputs()).forEach((name, value) -> parts.addAll(List.of(name, value)));
        request.payload().ifPresent(payload -> parts.add(Evaluation.written(payload)));
        return DerivedId.of(parts.toArray(String[]::new));
    }

    private Optional<RunRow> stored(UUID run) {
        try {
            return runs.find(run, TO_REMEMBER);
        } catch (Problem e) {
            LOG.debugf(e, "the history is away or busy; the orchestrator knows repeated requests by their run");
            return Optional.empty();
        }
    }

    private static void checkSame(RunRow run, UUID chain) {
        if (!run.chain().equals(chain)) {
            throw new Problem(
                            ApiProblem.KEY_REUSED,
                            "Expected a new Idempotency-Key, or the same body as before, but the key belongs to run "
                                    + run.run() + ", which was asked for with another body")
                    .with("runId", run.run());
        }
    }

    /** What the history cannot judge, or not yet, may be startable: the orchestrator then refuses what is not. */
    private void checkStartable(Request request) {
        String name = request.project() + "/" + request.pipeline();
        Long until = startable.get(name);
        boolean plain = request.inputs().isEmpty() && request.payload().isEmpty();
        if (plain && until != null && System.nanoTime() - until < 0) {
            return;
        }
        try {
            check(request);
            if (plain) {
                startable.put(name, System.nanoTime() + BELIEVED.toNanos());
            }
        } catch (Problem e) {
            if (e.kind() != CommonProblem.UNAVAILABLE) {
                checkAgain(request);
            }
            LOG.debugf(e, "the history is away, or was behind; the orchestrator will judge");
        }
    }

    /** Refuses what is refused by all that was defined until now. */
    private void checkAgain(Request request) {
        try {
            if (!definitions.isUnread(request.project(), request.pipeline())) {
                check(request);
            }
        } catch (Problem e) {
            if (e.kind() != CommonProblem.UNAVAILABLE) {
                throw e;
            }
            LOG.debugf(e, "the history is away");
        }
    }

    /** What a repository defines at the commit is not known before that is read. */
    private void check(Request request) {
        if (sources.find(request.project()).isPresent()) {
            return;
        }
        Pipelines.Defined current = pipelines
                .find(request.project(), request.pipeline())
                .orElseThrow(() -> new Problem(
                        CommonProblem.NOT_FOUND,
                        "Expected a pipeline that has been submitted, but project " + request.project() + " has no '"
                                + request.pipeline() + "'"));
        pipelines
                .version(request.project(), request.pipeline(), current.version())
                .map(version -> PipelineDefinitions.plan(PlanReader.read(version.source(), version.templates())))
                .ifPresent(plan -> check(request, plan));
    }

    private static void check(Request request, Plan plan) {
        TriggerEvent event = TriggerEvents.of(request.branch(), request.commit(), "", request.payload());
        TriggerMatch match = TriggerRules.match(plan, request.project(), event, request.inputs());
        if (match instanceof TriggerMatch.Unconcerned) {
            String word = TriggerEvent.word(event.kind());
            throw new Problem(
                    ApiProblem.PIPELINE_NOT_MANUAL,
                    "Expected a pipeline with '" + word + "' in 'on', but '" + request.pipeline()
                            + "' has none; add it, or push a commit");
        }
        if (match instanceof TriggerMatch.Refused refused) {
            throw Inputs.invalid(refused.reason());
        }
        if (match instanceof TriggerMatch.Filtered filtered) {
            throw new Problem(
                    ApiProblem.TRIGGER_FILTERED,
                    "Expected a request that the pipeline takes, but " + filtered.reason());
        }
    }
}
