package dev.flujo.kit.problem;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.util.stream.Collectors;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Turns whatever a request ends with into a problem: nothing leaves a service in another form. */
@ApplicationScoped
public class ProblemMappers {

    private final ProblemResponses responses;

    ProblemMappers(ProblemResponses responses) {
        this.responses = responses;
    }

    @ServerExceptionMapper
    public Response problem(Problem problem) {
        return responses.respond(problem);
    }

    @ServerExceptionMapper
    public Response unauthenticated(AuthenticationFailedException e) {
        return unauthenticated();
    }

    @ServerExceptionMapper
    public Response unauthorized(UnauthorizedException e) {
        return unauthenticated();
    }

    @ServerExceptionMapper
    public Response forbidden(ForbiddenException e) {
        return responses.respond(
                new Problem(
                        CommonProblem.FORBIDDEN,
                        "Expected a token whose scopes allow this, but the given one does not; ask an admin for one that does"));
    }

    @ServerExceptionMapper
    public Response json(JacksonException e) {
        return responses.respond(new Problem(CommonProblem.BAD_REQUEST, sentence(e)));
    }

    /** The framework has a mapper of its own for these, which answers with nothing; this one takes its place. */
    @ServerExceptionMapper
    public Response mismatched(MismatchedInputException e) {
        return json(e);
    }

    @ServerExceptionMapper
    public Response notFound(NotFoundException e) {
        return responses.respond(new Problem(
                CommonProblem.NOT_FOUND, "Expected the address of a resource, but there is nothing at this one"));
    }

    @ServerExceptionMapper
    public Response web(WebApplicationException e) {
        if (e.getCause() instanceof JacksonException json) {
            return json(json);
        }
        int status = e.getResponse().getStatus();
        if (status < 400) {
            return e.getResponse();
        }
        if (status >= 500) {
            return responses.respondToFault(e);
        }
        return responses.respond(new Problem(
                CommonProblem.forStatus(status), "Expected a request that this resource takes, but " + e.getMessage()));
    }

    @ServerExceptionMapper
    public Response fault(Throwable fault) {
        return responses.respondToFault(fault);
    }

    private Response unauthenticated() {
        return responses.respond(new Problem(
                CommonProblem.UNAUTHENTICATED,
                "Expected the header 'Authorization: Bearer <token>' with a valid token, but there is none"));
    }

    private static String sentence(JacksonException e) {
        if (e instanceof UnrecognizedPropertyException unknown) {
            String known = unknown.getKnownPropertyIds().stream()
                    .map(String::valueOf)
                    .sorted()
                    .collect(Collectors.joining(", "));
            return "Expected only the fields " + known + ", but found '" + unknown.getPropertyName() + "'";
        }
        String where = e.getLocation() == null
                ? ""
                : " at line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr();
        String field = e instanceof JsonMappingException mapping
                ? mapping.getPath().stream()
                        .map(part -> part.getFieldName() == null ? "" : part.getFieldName())
                        .collect(Collectors.joining("."))
                : "";
        return "Expected JSON of this resource's shape, but it cannot be read" + where
                + (field.isEmpty() ? "" : " (field '" + field + "')") + ": "
                + e.getOriginalMessage().lines().findFirst().orElse("");
    }
}
