package dev.flujo.kit.problem;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.util.Locale;
import java.util.UUID;
import org.jboss.logging.Logger;

/** Writes problems as {@code application/problem+json} (RFC 9457), counts them and logs what is the platform's fault. */
@ApplicationScoped
public class ProblemResponses {

    /** The media type of every answer that is no success. */
    public static final String MEDIA_TYPE = "application/problem+json";

    private static final String TYPE_BASE = "https://flujo.dev/problems/";
    private static final int RETRY_AFTER_SECONDS = 5;
    private static final Logger LOG = Logger.getLogger(ProblemResponses.class);

    private final ObjectMapper mapper;
    private final MeterRegistry meters;

    ProblemResponses(ObjectMapper mapper, MeterRegistry meters) {
        this.mapper = mapper;
        this.meters = meters;
    }

    /** The answer to a problem. */
    public Response respond(Problem problem) {
        count(problem.kind());
        if (problem.kind().status() >= 500) {
            LOG.warnf(problem.getCause(), "%s: %s", problem.kind().slug(), problem.getMessage());
        }
        return response(problem.kind(), body(problem));
    }

    /** The answer to a fault of ours: a correlation id to look for in the log, and nothing of the inside. */
    public Response respondToFault(Throwable fault) {
        String id = UUID.randomUUID().toString();
        LOG.errorf(fault, "fault %s", id);
        return respondQuietly(new Problem(
                        CommonProblem.INTERNAL,
                        "Expected to answer the request, but the service failed; look for fault " + id + " in its log")
                .with("fault", id));
    }

    /** The body of a problem as JSON. */
    public ObjectNode body(Problem problem) {
        ProblemKind kind = problem.kind();
        ObjectNode body = mapper.createObjectNode();
        body.put("type", TYPE_BASE + kind.slug());
        body.put("title", kind.title());
        body.put("status", kind.status());
        body.put("detail", problem.getMessage());
        body.put("retryable", kind.blame() == ProblemKind.Blame.PLATFORM || kind.blame() == ProblemKind.Blame.CAPACITY);
        problem.extensions().forEach((name, value) -> body.set(name, mapper.valueToTree(value)));
        return body;
    }

    private Response respondQuietly(Problem problem) {
        count(problem.kind());
        return response(problem.kind(), body(problem));
    }

    private static Response response(ProblemKind kind, ObjectNode body) {
        Response.ResponseBuilder response =
                Response.status(kind.status()).type(MEDIA_TYPE).entity(body);
        if (kind.status() == 503 || kind.status() == 429) {
            response.header("Retry-After", RETRY_AFTER_SECONDS);
        }
        if (kind.status() == 401) {
            response.header("WWW-Authenticate", "Bearer");
        }
        return response.build();
    }

    private void count(ProblemKind kind) {
        meters.counter(
                        "flujo.problems",
                        "kind",
                        kind.slug(),
                        "blame",
                        kind.blame().name().toLowerCase(Locale.ROOT))
                .increment();
    }
}
