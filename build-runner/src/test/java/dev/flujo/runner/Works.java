package dev.flujo.runner;

import dev.flujo.event.Attempt;
import dev.flujo.event.Revision;
import dev.flujo.event.Work;
import dev.flujo.event.plan.Gate;
import dev.flujo.event.plan.Job;
import dev.flujo.event.plan.Placement;
import dev.flujo.event.plan.Results;
import dev.flujo.event.plan.Step;
import dev.flujo.event.plan.Supplies;
import dev.flujo.event.plan.Tolerance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Work for tests. */
public final class Works {

    private Works() {}

    /** Work whose steps run these scripts. */
    public static Work of(String... scripts) {
        List<Step> steps = new ArrayList<>();
        for (String script : scripts) {
            steps.add(new Step("step " + steps.size(), script, Map.of("GREETING", "it's\n$HOME")));
        }
        return of(steps);
    }

    /** Work with these steps. */
    public static Work of(List<Step> steps) {
        return of(steps, Placement.ANYWHERE);
    }

    /** Work in this image, with one step. */
    public static Work in(String image, String script) {
        return of(
                List.of(new Step("step", script, Map.of())),
                new Placement(
                        Optional.empty(),
                        List.of(),
                        0,
                        Optional.empty(),
                        Optional.of(image),
                        Map.of(),
                        Optional.empty()));
    }

    /** Work with these steps in this place. */
    public static Work of(List<Step> steps, Placement placement) {
        Job job = new Job(
                "build",
                List.of(),
                Map.of(),
                steps,
                Duration.ofHours(1),
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Gate.OPEN,
                placement,
                Tolerance.NONE,
                Supplies.NONE,
                Results.NONE,
                Optional.empty(),
                Optional.empty(),
                List.of());
        Revision revision = new Revision(
                Optional.empty(), "main", Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        Attempt attempt = new Attempt(UUID.randomUUID(), "build", 1);
        return new Work("shop", "main", attempt, job, revision, Map.of(), "ana", List.of());
    }
}
