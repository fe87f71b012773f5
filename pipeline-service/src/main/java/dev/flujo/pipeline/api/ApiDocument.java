package dev.flujo.pipeline.api;

import dev.flujo.kit.problem.ProblemResponses;
import java.util.List;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.Content;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.eclipse.microprofile.openapi.models.security.SecurityScheme;

/** Adds to the OpenAPI document what holds for every operation: the token, and the form of what is no success. */
public final class ApiDocument implements OASFilter {

    private static final String PROBLEM = "Problem";

    @Override
    public void filterOpenAPI(OpenAPI document) {
        document.getComponents()
                .addSchema(PROBLEM, problem())
                .addSecurityScheme(
                        "SecurityScheme",
                        OASFactory.createSecurityScheme()
                                .type(SecurityScheme.Type.HTTP)
                                .scheme("bearer")
                                .description("A token of POST /api/v1/tokens; the scope that it needs stands beside"));
        document.getPaths().getPathItems().values().forEach(path -> path.getOperations()
                .values()
                .forEach(ApiDocument::addProblems));
    }

    private static void addProblems(Operation operation) {
        for (String status : List.of("401", "403")) {
            APIResponse response = operation.getResponses().getAPIResponse(status);
            if (response != null) {
                response.content(content());
            }
        }
        operation
                .getResponses()
                .addAPIResponse(
                        "default",
                        OASFactory.createAPIResponse()
                                .description("A problem (RFC 9457)")
                                .content(content()));
    }

    private static Content content() {
        return OASFactory.createContent()
                .addMediaType(
                        ProblemResponses.MEDIA_TYPE,
                        OASFactory.createMediaType()
                                .schema(OASFactory.createSchema().ref("#/components/schemas/" + PROBLEM)));
    }

    private static Schema problem() {
        return OASFactory.createSchema()
                .addType(Schema.SchemaType.OBJECT)
                .description("What is no success, as RFC 9457 wants it; some kinds have further members")
                .addProperty("type", text("the kind of problem, always the same for the same kind"))
                .addProperty("title", text("the same short sentence for every problem of the kind"))
                .addProperty("status", OASFactory.createSchema().addType(Schema.SchemaType.INTEGER))
                .addProperty("detail", text("what was expected, what was found, and what to do"))
                .addProperty(
                        "retryable",
                        OASFactory.createSchema()
                                .addType(Schema.SchemaType.BOOLEAN)
                                .description("whether the same request may succeed later"))
                .required(List.of("type", "title", "status", "detail", "retryable"));
    }

    private static Schema text(String description) {
        return OASFactory.createSchema().addType(Schema.SchemaType.STRING).description(description);
    }
}
