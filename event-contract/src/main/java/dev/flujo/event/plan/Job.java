package dev.flujo.event.plan;

import dev.flujo.event.Ordered;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One job of a plan: steps that a runner executes in one place, or a deployment. It starts when all jobs that it needs
 * have succeeded.
 */
public record Job(
        String id,
        List<String> needs,
        Map<String, String> env,
        List<Step> steps,
        Duration timeout,
        List<String> artifacts,
        List<String> junit,
        Optional<Deploy> deploy) {

    /** The pool whose runners execute steps. */
    public static final String DEFAULT_POOL = "default";

    /** The pool whose only runners are deploy-services. */
    public static final String DEPLOY_POOL = "deploy";

    public Job {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(timeout, "timeout");
        needs = needs == null ? List.of() : List.copyOf(needs);
        env = Ordered.copy(env);
        steps = steps == null ? List.of() : List.copyOf(steps);
        artifacts = artifacts == null ? List.of() : List.copyOf(artifacts);
        junit = junit == null ? List.of() : List.copyOf(junit);
        deploy = deploy == null ? Optional.empty() : deploy;
    }

    /** The pool that executes the job. */
    public String pool() {
        return deploy.isPresent() ? DEPLOY_POOL : DEFAULT_POOL;
    }
}
