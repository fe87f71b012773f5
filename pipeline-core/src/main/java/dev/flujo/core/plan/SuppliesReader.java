package dev.flujo.core.plan;

import dev.flujo.core.plan.expression.Scope;
import dev.flujo.core.plan.shape.Limits;
import dev.flujo.core.plan.yaml.Node;
import dev.flujo.core.plan.yaml.Problems;
import dev.flujo.core.plan.yaml.Quote;
import dev.flujo.event.plan.Results;
import dev.flujo.event.plan.Supplies;
import dev.flujo.event.plan.Tolerance;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads what a job is given, what it leaves, and what its failure means. */
final class SuppliesReader {

    private final Problems problems;
    private final Meaning meaning;

    SuppliesReader(Problems problems, Meaning meaning) {
        this.problems = problems;
        this.meaning = meaning;
    }

    Supplies supplies(Fields job, Set<String> variables, Scope scope) {
        checkSecrets(job, variables);
        List<Supplies.Cache> caches = new ArrayList<>();
        for (Node entry : job.entries("cache")) {
            caches.add(cache(new Fields(entry, problems), scope));
        }
        return new Supplies(
                job.texts("secrets"),
                caches,
                job.mapping("artifacts").texts("from"),
                job.node("checkout").map(node -> {
                    Fields settings = new Fields(node, problems);
                    return new Supplies.Checkout(settings.flag("submodules", false), settings.flag("lfs", false));
                }));
    }

    /** A secret and a variable of one name would hide each other. */
    void checkSecrets(Fields fields, Set<String> variables) {
        for (Node.Scalar secret : fields.scalars("secrets")) {
            if (variables.contains(secret.text())) {
                problems.add(
                        secret,
                        "Expected secrets and variables with different names, but " + Quote.of(secret.text())
                                + " is also in `env`; rename one of them.");
            }
        }
    }

    Results results(Fields job) {
        Fields artifacts = job.mapping("artifacts");
        Fields reports = job.mapping("reports");
        return new Results(
                job.texts("outputs"),
                artifacts.time("expire"),
                artifacts.word("when", Results.Keep.class, Results.Keep.SUCCESS),
                new Results.Reports(
                        reports.texts("ctrf"),
                        reports.texts("coverage"),
                        reports.texts("sarif"),
                        reports.texts("sbom")),
                job.text("generate"));
    }

    Tolerance tolerance(Fields job, Scope scope) {
        job.scalar("continue-on-error").ifPresent(text -> meaning.text(text, scope));
        Optional<Tolerance.Retry> retry = job.node("retry").map(node -> {
            Fields settings = new Fields(node, problems);
            List<String> on = settings.texts("on");
            return new Tolerance.Retry(
                    settings.whole("max", 0),
                    settings.time("backoff").orElse(Limits.DEFAULT_BACKOFF),
                    on.isEmpty() ? List.of("platform") : on);
        });
        return new Tolerance(retry, job.text("continue-on-error").orElse("false"));
    }

    private Supplies.Cache cache(Fields settings, Scope scope) {
        Fields key = settings.mapping("key");
        Optional<Node.Scalar> text = settings.scalar("key").or(() -> key.scalar("prefix"));
        text.ifPresent(written -> meaning.text(written, scope));
        meaning.texts(settings.scalars("restore-keys"), scope);
        return new Supplies.Cache(
                settings.texts("paths"),
                text.map(Node.Scalar::text),
                key.texts("files"),
                settings.texts("restore-keys"),
                settings.word("policy", Supplies.Cache.Policy.class, Supplies.Cache.Policy.BOTH));
    }
}
