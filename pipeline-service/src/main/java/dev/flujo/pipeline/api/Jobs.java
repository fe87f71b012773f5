package dev.flujo.pipeline.api;

import dev.flujo.core.plan.Extension;
import dev.flujo.event.Attempt;
import dev.flujo.event.Envelope;
import dev.flujo.event.Event;
import dev.flujo.event.JobEvent;
import dev.flujo.event.JobEvent.ArtifactPublished;
import dev.flujo.event.JobEvent.JobKept;
import dev.flujo.event.RunEvent.RunExtended;
import dev.flujo.event.RunEvent.RunQueued;
import dev.flujo.event.Work;
import dev.flujo.event.plan.Plan;
import dev.flujo.kit.problem.CommonProblem;
import dev.flujo.kit.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What the log of a run says of its jobs. */
@ApplicationScoped
public class Jobs {

    private final RunLog log;

    Jobs(RunLog log) {
        this.log = log;
    }

    /** The jobs of a run in the order of its plan; further ones stand behind the job that they came out of, or in its place. */
    List<JobView> of(UUID run) {
        Map<String, ToldJob> jobs = new HashMap<>();
        Optional<Plan> plan = Optional.empty();
        for (Envelope envelope : log.of(run)) {
            Event event = envelope.event();
            if (event instanceof RunQueued queued) {
                plan = Optional.of(Extension.atFirst(queued.plan()));
            } else if (event instanceof RunExtended extended) {
                plan = plan.map(known -> Extension.after(known, extended));
            } else if (event instanceof JobEvent said) {
                jobs.computeIfAbsent(said.attempt().job(), id -> new ToldJob()).hear(envelope, said);
            }
        }
        return plan.map(Plan::jobs).orElse(List.of()).stream()
                .map(job -> jobs.getOrDefault(job.id(), new ToldJob()).view(job))
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

    /** An artifact of a run, and the attempt that made it: one of another run, where the job was kept. */
    record Made(ArtifactPublished artifact, Attempt by) {}

    /** The artifacts of a run: of each path the one of the newest attempt. */
    List<Made> artifacts(UUID run) {
        Map<String, Made> found = new LinkedHashMap<>();
        for (Envelope envelope : log.of(run)) {
            if (envelope.event() instanceof ArtifactPublished artifact) {
                found.put(artifact.attempt().job() + "/" + artifact.path(), new Made(artifact, artifact.attempt()));
            } else if (envelope.event() instanceof JobKept kept
                    && !kept.artifacts().isEmpty()) {
                Attempt maker = maker(kept);
                kept.artifacts()
                        .forEach(artifact ->
                                found.put(artifact.job() + "/" + artifact.path(), new Made(of(kept, artifact), maker)));
            }
        }
        return List.copyOf(found.values());
    }

    /** Who made what was kept; the run that it was kept from may have kept it too. */
    private Attempt maker(JobKept kept) {
        Attempt from = kept.from();
        return log.of(from.run()).stream()
                .filter(envelope -> envelope.event() instanceof JobKept before
                        && before.attempt().equals(from))
                .findFirst()
                .map(envelope -> maker((JobKept) envelope.event()))
                .orElse(from);
    }

    private static ArtifactPublished of(JobKept kept, Work.Artifact artifact) {
        return new ArtifactPublished(
                kept.project(), kept.attempt(), artifact.path(), artifact.bytes(), artifact.sha256());
    }
}
