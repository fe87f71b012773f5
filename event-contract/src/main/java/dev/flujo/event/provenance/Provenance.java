package dev.flujo.event.provenance;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flujo.event.JobEvent.ArtifactPublished;
import dev.flujo.event.JobEvent.JobStarted;
import dev.flujo.event.PackageUrl;
import dev.flujo.event.Revision;
import dev.flujo.event.RunEvent.RunQueued;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Where an artifact comes from, as the log of its run says: an in-toto statement with SLSA provenance. The same events give the
 * same bytes.
 *
 * @param builder who vouches for it: the URI of this installation's runners
 */
public record Provenance(String builder, RunQueued run, JobStarted job, ArtifactPublished artifact) {

    static final String PAYLOAD_TYPE = "application/vnd.in-toto+json";
    static final String STATEMENT = "https://in-toto.io/Statement/v1";
    static final String PREDICATE = "https://slsa.dev/provenance/v1";

    /** What a build by Flujo is; docs/provenance.md describes its parameters. */
    static final String BUILD_TYPE = "https://flujo.dev/build-types/job/v1";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The statement, signed. */
    public SignedEnvelope sign(SigningKey key) {
        return SignedEnvelope.sign(PAYLOAD_TYPE, statement().toString().getBytes(StandardCharsets.UTF_8), key);
    }

    private ObjectNode statement() {
        ObjectNode statement = JSON.createObjectNode().put("_type", STATEMENT);
        ObjectNode subject = statement.withArray("subject").addObject();
        subject.put("name", artifact.path());
        subject.put("uri", PackageUrl.generic(artifact.project(), artifact.path(), artifact.sha256()));
        subject.putObject("digest").put("sha256", artifact.sha256());
        statement.put("predicateType", PREDICATE);
        ObjectNode predicate = statement.putObject("predicate");
        define(predicate.putObject("buildDefinition"));
        describe(predicate.putObject("runDetails"));
        return statement;
    }

    private void define(ObjectNode definition) {
        definition.put("buildType", BUILD_TYPE);
        ObjectNode external = definition.putObject("externalParameters");
        external.put("project", run.project());
        external.put("pipeline", run.pipeline());
        external.put("job", job.attempt().job());
        external.put("branch", run.revision().branch());
        ObjectNode inputs = external.putObject("inputs");
        run.inputs().forEach(inputs::put);
        ObjectNode internal = definition.putObject("internalParameters");
        internal.put("pipelineVersion", run.version());
        internal.put("cause", run.cause().kind().name());
        internal.put("by", run.cause().by());
        resolve(definition.putArray("resolvedDependencies"));
    }

    /** The commit that was checked out, and the image that the steps ran in. */
    private void resolve(ArrayNode dependencies) {
        Revision revision = run.revision();
        if (revision.repository().isPresent() && revision.commit().isPresent()) {
            ObjectNode source = dependencies.addObject();
            source.put("uri", "git+" + revision.repository().get());
            source.putObject("digest").put("gitCommit", revision.commit().get());
        }
        job.image().ifPresent(image -> {
            ObjectNode dependency = dependencies.addObject();
            dependency.put("uri", "docker://" + image.name());
            digest(image.digest())
                    .ifPresent(hex -> dependency.putObject("digest").put("sha256", hex));
        });
    }

    private void describe(ObjectNode details) {
        ObjectNode by = details.putObject("builder").put("id", builder);
        by.putObject("version").put("runner", job.runner());
        ObjectNode metadata = details.putObject("metadata");
        metadata.put("invocationId", job.attempt().id());
        metadata.put("startedOn", job.startedAt().toString());
    }

    private static Optional<String> digest(String digest) {
        String hex = digest.substring(digest.indexOf(':') + 1);
        return hex.matches("[0-9a-f]{64}") ? Optional.of(hex) : Optional.empty();
    }
}
