package dev.flujo.pipeline.api;

import dev.flujo.core.plan.PlanReader;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import java.io.InputStream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The JSON Schemas (draft 2020-12) of the files that people write; editors fetch them without a token. */
@Path("/schemas/{kind: pipeline|template}.json")
@PermitAll
@Tag(name = "pipelines")
public class SchemaResource {

    @GET
    @Produces("application/schema+json")
    @Operation(summary = "The JSON Schema of pipeline files, or of templates")
    public InputStream read(@PathParam("kind") String kind) {
        return PlanReader.class.getResourceAsStream(kind + ".schema.json");
    }
}
