package dev.flujo.core.run;

import dev.flujo.event.plan.Job;
import dev.flujo.event.plan.Step;
import dev.flujo.event.plan.Supplies;
import java.util.List;

/** What runs of strangers' commits get of a job: no secret, and nothing that would ask for one. */
final class Untrusted {

    private Untrusted() {}

    /** The job without the names of its secrets, so that no runner can be asked for them. */
    static Job job(Job job) {
        Supplies supplies = job.supplies();
        return new Job(
                job.id(),
                job.needs(),
                job.env(),
                job.steps().stream().map(Untrusted::step).toList(),
                job.timeout(),
                job.artifacts(),
                job.junit(),
                job.deploy(),
                job.name(),
                job.gate(),
                job.placement(),
                job.tolerance(),
                new Supplies(List.of(), supplies.caches(), supplies.artifactsFrom(), supplies.checkout()),
                job.results(),
                job.matrix(),
                job.cell(),
                job.bindings());
    }

    private static Step step(Step step) {
        Step.Settings settings = step.settings();
        return settings.secrets().isEmpty()
                ? step
                : new Step(
                        step.name(),
                        step.run(),
                        step.env(),
                        new Step.Settings(
                                settings.condition(),
                                settings.continueOnError(),
                                settings.timeout(),
                                settings.shell(),
                                settings.workingDirectory(),
                                List.of(),
                                settings.bindings()));
    }
}
