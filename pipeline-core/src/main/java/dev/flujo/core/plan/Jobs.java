package dev.flujo.core.plan;

import dev.flujo.event.plan.Binding;
import dev.flujo.event.plan.Job;
import dev.flujo.event.plan.Matrix;
import dev.flujo.event.plan.Tolerance;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Jobs made from jobs. */
public final class Jobs {

    private Jobs() {}

    static Job withCell(Job job, String id, Matrix.Cell cell) {
        return new Job(
                id,
                job.needs(),
                job.env(),
                job.steps(),
                job.timeout(),
                job.artifacts(),
                job.junit(),
                job.deploy(),
                job.name(),
                job.gate(),
                job.placement(),
                job.tolerance(),
                job.supplies(),
                job.results(),
                Optional.empty(),
                Optional.of(cell),
                job.bindings());
    }

    static Job withMatrix(Job job, Matrix matrix) {
        return new Job(
                job.id(),
                job.needs(),
                job.env(),
                job.steps(),
                job.timeout(),
                job.artifacts(),
                job.junit(),
                job.deploy(),
                job.name(),
                job.gate(),
                job.placement(),
                job.tolerance(),
                job.supplies(),
                job.results(),
                Optional.of(matrix),
                job.cell(),
                job.bindings());
    }

    /** The same job, of which a failure means this. */
    public static Job withTolerance(Job job, Tolerance tolerance) {
        return new Job(
                job.id(),
                job.needs(),
                job.env(),
                job.steps(),
                job.timeout(),
                job.artifacts(),
                job.junit(),
                job.deploy(),
                job.name(),
                job.gate(),
                job.placement(),
                tolerance,
                job.supplies(),
                job.results(),
                job.matrix(),
                job.cell(),
                job.bindings());
    }

    static Job withEnv(Job job, Map<String, String> env) {
        return new Job(
                job.id(),
                job.needs(),
                env,
                job.steps(),
                job.timeout(),
                job.artifacts(),
                job.junit(),
                job.deploy(),
                job.name(),
                job.gate(),
                job.placement(),
                job.tolerance(),
                job.supplies(),
                job.results(),
                job.matrix(),
                job.cell(),
                job.bindings());
    }

    /** The job as a part of another one, which came from a template that was given these values. */
    static Job within(Job job, String outer, List<String> outerNeeds, Map<String, Binding> bindings) {
        List<Map<String, Binding>> all = new ArrayList<>(List.of(bindings));
        all.addAll(job.bindings());
        return within(job, outer, outerNeeds, all);
    }

    /** The job as a part of another one that wrote it. */
    static Job within(Job job, String outer, List<String> outerNeeds) {
        return within(job, outer, outerNeeds, job.bindings());
    }

    private static Job within(Job job, String outer, List<String> outerNeeds, List<Map<String, Binding>> bindings) {
        List<String> needs = new ArrayList<>();
        job.needs().forEach(need -> needs.add(outer + "." + need));
        if (needs.isEmpty()) {
            needs.addAll(outerNeeds);
        }
        return new Job(
                outer + "." + job.id(),
                needs,
                job.env(),
                job.steps(),
                job.timeout(),
                job.artifacts(),
                job.junit(),
                job.deploy()
                        .map(deploy -> new dev.flujo.event.plan.Deploy(
                                deploy.environment(),
                                outer + "." + deploy.from(),
                                deploy.start(),
                                deploy.health(),
                                deploy.kubernetes(),
                                deploy.rollout(),
                                deploy.config())),
                job.name(),
                job.gate(),
                job.placement(),
                job.tolerance(),
                new dev.flujo.event.plan.Supplies(
                        job.supplies().secrets(),
                        job.supplies().caches(),
                        job.supplies().artifactsFrom().stream()
                                .map(from -> outer + "." + from)
                                .toList(),
                        job.supplies().checkout()),
                job.results(),
                job.matrix(),
                job.cell(),
                bindings);
    }
}
