package dev.flujo.deploy.rollout;

import dev.flujo.deploy.Site;
import dev.flujo.deploy.Target;
import dev.flujo.deploy.Target.Requests;
import dev.flujo.deploy.Target.Version;
import dev.flujo.event.plan.Deploy.Analysis;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

/** Asks the questions of analyses: Prometheus, the new version itself, and what the target has seen of its users. */
final class Analyst {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** A share of fewer requests says nothing. */
    private static final int FEWEST_REQUESTS = 20;

    private final Target target;
    private final Optional<Prometheus> prometheus;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();

    Analyst(Target target, Optional<URI> prometheus) {
        this.target = target;
        this.prometheus = prometheus.map(Prometheus::new);
    }

    /** There is no number to judge by, for this reason. */
    private static final class Unknown extends Exception {

        private static final long serialVersionUID = 1L;

        Unknown(String reason) {
            super(reason);
        }
    }

    /** Asks once. What cannot be asked is inconclusive, and says why. */
    Finding ask(Analysis analysis, Sides sides, Answered before) throws InterruptedException {
        try {
            Number result = number(analysis, sides.fresh(), before.fresh());
            Optional<Number> stable = analysis.compare() && sides.old().isPresent()
                    ? Optional.of(number(analysis, sides.old().get(), before.old()))
                    : Optional.empty();
            return Judgement.of(analysis, result, stable);
        } catch (Unknown e) {
            return new Finding(Verdict.INCONCLUSIVE, e.getMessage());
        } catch (IOException e) {
            return new Finding(Verdict.INCONCLUSIVE, "it could not be asked: " + e.getMessage());
        }
    }

    /** What the target has counted so far; nothing where it does not count. */
    Requests counted(Version version) throws IOException {
        return target.requests(version).orElse(new Requests(0, 0));
    }

    private Number number(Analysis analysis, Version version, Requests before)
            throws IOException, InterruptedException, Unknown {
        if (analysis.prometheus().isPresent()) {
            return prometheus
                    .orElseThrow(() -> new Unknown(
                            "Expected the address of a Prometheus, but there is none; set flujo.deploy.prometheus.url"))
                    .number(query(analysis.prometheus().get(), version));
        }
        if (analysis.http().isPresent()) {
            return status(version, analysis.http().get());
        }
        return share(version, before);
    }

    private String query(String text, Version version) {
        Optional<Site> site = version.site().or(() -> target.site(version));
        return text.replace("$deployment", version.deployment().toString())
                .replace("$commit", version.work().revision().commit().orElse(""))
                .replace("$cluster", site.map(Site::cluster).orElse(""))
                .replace("$namespace", site.map(Site::namespace).orElse(""));
    }

    private int status(Version version, String path) throws IOException, InterruptedException {
        URI uri = URI.create(target.replica(version) + path);
        try {
            return http.send(
                            HttpRequest.newBuilder(uri).timeout(PATIENCE).build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException noAnswer) {
            return 0;
        }
    }

    private double share(Version version, Requests before) throws IOException, Unknown {
        Requests now = target.requests(version)
                .orElseThrow(() -> new Unknown("Expected a target that sees requests, but this one does not"));
        boolean goneOn = now.all() >= before.all() && now.failed() >= before.failed();
        long all = now.all() - (goneOn ? before.all() : 0);
        long failed = now.failed() - (goneOn ? before.failed() : 0);
        if (all < FEWEST_REQUESTS) {
            throw new Unknown("Expected at least " + FEWEST_REQUESTS + " requests to judge by, but there were " + all);
        }
        return (double) failed / all;
    }
}
