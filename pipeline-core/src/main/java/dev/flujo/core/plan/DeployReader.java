package dev.flujo.core.plan;

import dev.flujo.core.plan.expression.Scope;
import dev.flujo.core.plan.shape.Limits;
import dev.flujo.core.plan.yaml.Node;
import dev.flujo.core.plan.yaml.Problems;
import dev.flujo.core.plan.yaml.Quote;
import dev.flujo.event.plan.Deploy;
import dev.flujo.event.plan.HealthCheck;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads {@code deploy}: where to, what, how to start it and how to see that it serves. */
final class DeployReader {

    private final Problems problems;
    private final Meaning meaning;
    private final RolloutReader rollouts;

    DeployReader(Problems problems, Meaning meaning) {
        this.problems = problems;
        this.meaning = meaning;
        this.rollouts = new RolloutReader(problems, meaning);
    }

    /** A deployment with the nodes of the jobs that it names. */
    record ReadDeploy(Node.Scalar from, List<Node.Scalar> analysed, Deploy deploy) {}

    /** The deployment; empty when it does not say what is deployed. */
    Optional<ReadDeploy> read(Node.Field job, Fields jobFields, Scope scope) {
        Fields fields = jobFields.mapping("deploy");
        Optional<Node.Scalar> outer = jobFields
                .scalar("environment")
                .or(() -> jobFields.mapping("environment").scalar("name"));
        Optional<Node.Scalar> inner = fields.scalar("environment");
        checkEnvironments(job, jobFields, outer, inner);
        inner.ifPresent(text -> meaning.text(text, scope));
        Fields health = fields.mapping("health");
        return fields.scalar("from")
                .map(from -> new ReadDeploy(
                        from,
                        fields.entries("analysis").stream()
                                .flatMap(entry -> new Fields(entry, problems).scalar("job").stream())
                                .toList(),
                        new Deploy(
                                inner.or(() -> outer).map(Node.Scalar::text).orElse(""),
                                from.text(),
                                fields.text("start").orElse(""),
                                new HealthCheck(
                                        health.text("path").orElse(Limits.DEFAULT_HEALTH_PATH),
                                        health.time("timeout").orElse(Limits.DEFAULT_HEALTH)),
                                kubernetes(fields, scope),
                                rollouts.read(fields),
                                fields.text("config")
                                        .map(word -> Deploy.Reading.valueOf(word.toUpperCase(Locale.ROOT))))));
    }

    private void checkEnvironments(
            Node.Field job, Fields jobFields, Optional<Node.Scalar> outer, Optional<Node.Scalar> inner) {
        Fields deploy = jobFields.mapping("deploy");
        if (jobFields.node("deploy").isPresent() && !deploy.has("environment") && !jobFields.has("environment")) {
            problems.add(
                    job.key(),
                    "Expected `environment` in a job that deploys, but job " + Quote.of(job.name())
                            + " has none; add it, the name of the place to deploy to.");
        }
        if (outer.isPresent()
                && inner.isPresent()
                && !outer.get().text().equals(inner.get().text())) {
            problems.add(
                    inner.get(),
                    "Expected one environment, but job " + Quote.of(job.name()) + " names "
                            + outer.get().described() + " and " + inner.get().described() + "; remove one of them.");
        }
    }

    private Optional<Deploy.Kubernetes> kubernetes(Fields fields, Scope scope) {
        Map<String, Node.Scalar> images = fields.table("images");
        meaning.texts(images.values(), scope);
        fields.scalar("namespace").ifPresent(text -> meaning.text(text, scope));
        fields.scalar("cluster").ifPresent(text -> meaning.text(text, scope));
        if (!fields.has("manifests") && !fields.has("kustomize")) {
            return Optional.empty();
        }
        return Optional.of(new Deploy.Kubernetes(
                fields.texts("manifests"),
                fields.text("kustomize"),
                Fields.texts(images),
                fields.text("namespace"),
                fields.text("cluster")));
    }
}
