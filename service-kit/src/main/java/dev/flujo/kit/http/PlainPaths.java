package dev.flujo.kit.http;

import dev.flujo.kit.problem.CommonProblem;
import dev.flujo.kit.problem.Problem;
import dev.flujo.kit.problem.ProblemResponses;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.regex.Pattern;

/**
 * Answers 404 to paths in another spelling than the plain one: with path parameters, dots, double or encoded slashes. Who
 * decides by a path, here or behind a proxy, then never reads another one than who serves it. (That is how requests have
 * gone around authorization before: CVE-2026-39852 and CVE-2026-50559 of this framework.)
 */
@ApplicationScoped
public class PlainPaths {

    /** Before anybody looks at the path to decide. */
    private static final int FIRST = 10_000;

    private static final Pattern ODD = Pattern.compile(
            "[;\\\\\\p{Cntrl}]|//|/\\.{1,2}(/|$)|%(2[ef]|3b|5c|[01][0-9a-f]|7f)", Pattern.CASE_INSENSITIVE);

    private final ProblemResponses responses;

    PlainPaths(ProblemResponses responses) {
        this.responses = responses;
    }

    void register(@Observes Filters filters) {
        filters.register(this::check, FIRST);
    }

    /** Whether the path, as it came, has only one reading. */
    static boolean plain(String path) {
        return !ODD.matcher(path).find();
    }

    private void check(RoutingContext context) {
        if (plain(context.request().path())) {
            context.next();
            return;
        }
        Problem problem = new Problem(
                CommonProblem.NOT_FOUND,
                "Expected a path in its plain spelling, but it has ';', '\\', '//', dots, or one of them encoded");
        context.response()
                .setStatusCode(problem.kind().status())
                .putHeader("Content-Type", ProblemResponses.MEDIA_TYPE)
                .end(responses.body(problem).toString());
    }
}
