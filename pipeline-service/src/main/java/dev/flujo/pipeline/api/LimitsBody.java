package dev.flujo.pipeline.api;

import dev.flujo.event.PoolLimits;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** How many slots of a pool a project may have at once: each that is not named, and those that are. */
public record LimitsBody(Optional<Integer> perProject, Optional<Map<String, Integer>> projects) {

    private static final int MOST = 100_000;
    private static final int MOST_PROJECTS = 10_000;

    PoolLimits limits() {
        Map<String, Integer> named = new LinkedHashMap<>();
        projects.orElse(Map.of()).forEach((project, most) -> named.put(Inputs.name("project", project), slots(most)));
        if (named.size() > MOST_PROJECTS) {
            throw Inputs.invalid("Expected at most " + MOST_PROJECTS + " projects with limits of their own, but found "
                    + named.size() + "; use 'perProject' for what most of them may have");
        }
        return new PoolLimits(perProject.map(LimitsBody::slots), named);
    }

    private static int slots(Integer most) {
        if (most == null || most < 1 || most > MOST) {
            throw Inputs.invalid("Expected a limit from 1 to " + MOST + ", but found " + most
                    + "; leave it out for a project that may have every slot");
        }
        return most;
    }
}
