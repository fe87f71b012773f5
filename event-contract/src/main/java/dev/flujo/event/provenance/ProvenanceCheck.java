package dev.flujo.event.provenance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Whether a file is what a signed statement says, and who has signed that. */
public final class ProvenanceCheck {

    private static final ObjectMapper JSON = new ObjectMapper();

    private ProvenanceCheck() {}

    /** What a check found. */
    public sealed interface Verdict {

        /** The file is the subject of this name; the statement's own words say how it was made. */
        record Verified(String subject, String keyId, String builder, String invocation, List<String> from)
                implements Verdict {

            public Verified {
                from = List.copyOf(from);
            }
        }

        /** What was expected and what was found instead. */
        record Refused(String reason) implements Verdict {}
    }

    /** Judges a file by its name and SHA-256, the text of an envelope, and the keys that are trusted. */
    public static Verdict of(String name, String sha256, String envelope, List<PublicSigningKey> trusted) {
        SignedEnvelope signed;
        try {
            signed = SignedEnvelope.read(envelope);
        } catch (IllegalArgumentException e) {
            return refused("Expected a DSSE envelope, but " + e.getMessage());
        }
        Optional<PublicSigningKey> key =
                trusted.stream().filter(signed::signedBy).findFirst();
        return key.isPresent() ? ofStatement(name, sha256, signed, key.get()) : refused(notSigned(signed, trusted));
    }

    private static String notSigned(SignedEnvelope signed, List<PublicSigningKey> trusted) {
        List<String> ids = trusted.stream().map(PublicSigningKey::id).toList();
        List<String> found = signed.signatures().stream()
                .map(SignedEnvelope.KeySignature::keyId)
                .toList();
        return found.stream().anyMatch(ids::contains)
                ? "Expected the signature to fit what the envelope says, but it does not: the envelope was changed after it"
                        + " was signed"
                : "Expected the envelope to be signed with the key " + String.join(" or ", ids)
                        + ", but it is signed with " + (found.isEmpty() ? "none" : String.join(", ", found));
    }

    private static Verdict ofStatement(String name, String sha256, SignedEnvelope signed, PublicSigningKey key) {
        JsonNode statement;
        try {
            statement = JSON.readTree(signed.payload());
        } catch (IOException e) {
            return refused("Expected an in-toto statement in the envelope, but it is no JSON");
        }
        for (Optional<Verdict> wrong : List.of(
                expected("payload type", Provenance.PAYLOAD_TYPE, signed.payloadType()),
                expected(
                        "statement type",
                        Provenance.STATEMENT,
                        statement.path("_type").asText()),
                expected(
                        "predicate type",
                        Provenance.PREDICATE,
                        statement.path("predicateType").asText()))) {
            if (wrong.isPresent()) {
                return wrong.get();
            }
        }
        return ofSubjects(name, sha256, statement, key);
    }

    private static Verdict ofSubjects(String name, String sha256, JsonNode statement, PublicSigningKey key) {
        for (JsonNode subject : statement.path("subject")) {
            if (subject.at("/digest/sha256").asText().equals(sha256)) {
                return verified(subject.path("name").asText(), statement, key);
            }
        }
        for (JsonNode subject : statement.path("subject")) {
            if (last(subject.path("name").asText()).equals(last(name))) {
                return refused("Expected " + name + " to have the SHA-256 "
                        + subject.at("/digest/sha256").asText() + ", as its provenance says, but it has " + sha256
                        + ": the file was changed");
            }
        }
        List<String> names = new ArrayList<>();
        statement
                .path("subject")
                .forEach(subject -> names.add(subject.path("name").asText()));
        return refused("Expected the provenance of " + name + ", but it is that of "
                + (names.isEmpty() ? "nothing" : String.join(", ", names)) + ", and " + name + " has another SHA-256: "
                + sha256);
    }

    private static Verdict verified(String subject, JsonNode statement, PublicSigningKey key) {
        List<String> from = new ArrayList<>();
        statement
                .at("/predicate/buildDefinition/resolvedDependencies")
                .forEach(dependency -> from.add(dependency.path("uri").asText() + digests(dependency.path("digest"))));
        return new Verdict.Verified(
                subject,
                key.id(),
                statement.at("/predicate/runDetails/builder/id").asText(),
                statement.at("/predicate/runDetails/metadata/invocationId").asText(),
                from);
    }

    private static String digests(JsonNode digest) {
        return digest.properties().stream()
                .map(each -> "@" + each.getValue().asText())
                .collect(Collectors.joining());
    }

    private static Optional<Verdict> expected(String what, String expected, String found) {
        return expected.equals(found)
                ? Optional.empty()
                : Optional.of(refused("Expected the " + what + " " + expected + ", but found '" + found + "'"));
    }

    private static String last(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static Verdict refused(String reason) {
        return new Verdict.Refused(reason);
    }
}
