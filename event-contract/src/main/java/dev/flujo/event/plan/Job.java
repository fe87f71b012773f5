package dev.flujo.event.plan;

import dev.flujo.event.Ordered;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One job of a plan: steps that a runner executes in one place, or a deployment. It starts when all jobs that it needs
 * have succeeded, unless its gate says otherwise.
 *
 * @param matrix what the job is expanded to once it is known; a job that is a cell has none
 * @param cell the values that this cell of a matrix has
 * @param bindings the inputs of the templates that the job came from, the outermost first
 */
public record Job(
        String id,
        List<String> needs,
        Map<String, String> env,
        List<Step> steps,
        Duration timeout,
        List<String> artifacts,
        List<String> junit,
        Optional<Deploy> deploy,
        Optional<String> name,
        Gate gate,
        Placement placement,
        Tolerance tolerance,
        Supplies supplies,
        Results results,
        Optional<Matrix> matrix,
        Optional<Matrix.Cell> cell,
        List<Map<String, Binding>> bindings) {

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
        name = name == null ? Optional.empty() : name;
        gate = gate == null ? Gate.OPEN : gate;
        placement = placement == null ? Placement.ANYWHERE : placement;
        tolerance = tolerance == null ? Tolerance.NONE : tolerance;
        supplies = supplies == null ? Supplies.NONE : supplies;
        results = results == null ? Results.NONE : results;
        matrix = matrix == null ? Optional.empty() : matrix;
        cell = cell == null ? Optional.empty() : cell;
        bindings = bindings == null
                ? List.of()
                : bindings.stream().map(Ordered::copy).toList();
    }

    /** A job that has nothing out of the ordinary. */
    public Job(
            String id,
            List<String> needs,
            Map<String, String> env,
            List<Step> steps,
            Duration timeout,
            List<String> artifacts,
            List<String> junit,
            Optional<Deploy> deploy) {
        this(
                id,
                needs,
                env,
                steps,
                timeout,
                artifacts,
                junit,
                deploy,
                Optional.empty(),
                Gate.OPEN,
                Placement.ANYWHERE,
                Tolerance.NONE,
                Supplies.NONE,
                Results.NONE,
                Optional.empty(),
                Optional.empty(),
                List.of());
    }

    /** The pool that executes the job. */
    public String pool() {
        return deploy.isPresent() ? DEPLOY_POOL : placement.pool().orElse(DEFAULT_POOL);
    }

    /** The name of the environment that the job works on, wherever its file has it; may hold expressions. */
    public Optional<String> environment() {
        return deploy.map(Deploy::environment).or(() -> gate.environment().map(Environment::name));
    }

    /** Whether a job that needs {@code need} needs this one: it is that job, or came out of it. */
    public boolean cameOutOf(String need) {
        return id.equals(need) || (id.startsWith(need) && id.charAt(need.length()) == '.');
    }
}
