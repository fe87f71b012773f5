package dev.flujo.core.plan;

import dev.flujo.event.plan.Deploy;
import dev.flujo.event.plan.HealthCheck;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads {@code deploy}: where to, what, how to start it and how to see that it serves. */
final class DeployReader {

    private static final Pattern HEALTH_PATH = Pattern.compile("/([A-Za-z0-9._~%=&?+,;@-][A-Za-z0-9/._~%=&?+,;@-]*)?");
    private static final HealthCheck DEFAULT_HEALTH =
            new HealthCheck(Limits.DEFAULT_HEALTH_PATH, Limits.DEFAULT_HEALTH);

    private final Problems problems;
    private final Values values;
    private final TimeReader times;

    DeployReader(Problems problems) {
        this.problems = problems;
        this.values = new Values(problems);
        this.times = new TimeReader(problems);
    }

    /** The deployment, with the node that names the job it comes from; empty when that much is not there. */
    Optional<ReadDeploy> read(Node node) {
        Map<String, Node.Field> fields = values.fields(node, "`deploy`", Vocabulary.DEPLOY);
        if (!(node instanceof Node.Fields)) {
            return Optional.empty();
        }
        Optional<Node.Scalar> environment = required(node, fields, "environment", "the name of the place to deploy to");
        environment.filter(scalar -> !Names.isId(scalar.text())).ifPresent(this::refuseEnvironment);
        Optional<Node.Scalar> from = required(node, fields, "from", "the id of the job whose artifacts are deployed");
        Optional<Node.Scalar> start = required(node, fields, "start", "the command that starts the application");
        HealthCheck health =
                fields.containsKey("health") ? health(fields.get("health").value()) : DEFAULT_HEALTH;
        return from.map(job -> new ReadDeploy(
                job,
                new Deploy(
                        environment.map(Node.Scalar::text).orElse(""),
                        job.text(),
                        start.map(Node.Scalar::text).orElse(""),
                        health)));
    }

    /** A deployment with the node that names the job it comes from. */
    record ReadDeploy(Node.Scalar from, Deploy deploy) {}

    private Optional<Node.Scalar> required(Node node, Map<String, Node.Field> fields, String key, String hint) {
        if (!fields.containsKey(key) && !values.hinted(node, key, Vocabulary.DEPLOY)) {
            problems.add(node, "Expected `" + key + "` in `deploy`, but it has none; add " + hint + ".");
        }
        if (!fields.containsKey(key)) {
            return Optional.empty();
        }
        return values.text(fields.get(key).value(), "`" + key + "`", Limits.SCRIPT);
    }

    private void refuseEnvironment(Node.Scalar scalar) {
        problems.add(
                scalar,
                "Expected an environment's name of " + Names.ID + ", but it is " + scalar.described() + "; rename it.",
                () -> Names.idLike(scalar.text()));
    }

    private HealthCheck health(Node node) {
        Map<String, Node.Field> fields = values.fields(node, "`health`", Vocabulary.HEALTH);
        String path = fields.containsKey("path") ? path(fields.get("path").value()) : DEFAULT_HEALTH.path();
        Duration timeout = fields.containsKey("timeout")
                ? times.read(fields.get("timeout").value(), Limits.LONGEST_HEALTH, DEFAULT_HEALTH.timeout())
                : DEFAULT_HEALTH.timeout();
        return new HealthCheck(path, timeout);
    }

    private String path(Node node) {
        Optional<Node.Scalar> path = values.text(node, "`path`", Limits.PATTERN);
        path.filter(scalar -> !HEALTH_PATH.matcher(scalar.text()).matches()
                        || scalar.text().contains("..")
                        || scalar.text().contains("//"))
                .ifPresent(scalar -> problems.add(
                        scalar,
                        "Expected a path of the application such as `/health`, but it is " + scalar.described()
                                + "; write it from the first `/` on, without host and port.",
                        () -> Optional.of("/" + scalar.text())
                                .filter(other -> HEALTH_PATH.matcher(other).matches() && !other.contains(".."))));
        return path.map(Node.Scalar::text).orElse(DEFAULT_HEALTH.path());
    }
}
