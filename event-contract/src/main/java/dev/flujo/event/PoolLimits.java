package dev.flujo.event;

import java.util.Map;
import java.util.Optional;

/**
 * How many slots of a pool one project may have at once.
 *
 * @param perProject what counts for a project that is not named; none where it may have all
 * @param projects what counts for those that are named
 */
public record PoolLimits(Optional<Integer> perProject, Map<String, Integer> projects) {

    /** Every project may have all. */
    public static final PoolLimits NONE = new PoolLimits(Optional.empty(), Map.of());

    public PoolLimits {
        perProject = perProject == null ? Optional.empty() : perProject;
        projects = Ordered.copy(projects);
    }

    /** How many a project may have. */
    public int of(String project) {
        Integer own = projects.get(project);
        return own != null ? own : perProject.orElse(Integer.MAX_VALUE);
    }
}
