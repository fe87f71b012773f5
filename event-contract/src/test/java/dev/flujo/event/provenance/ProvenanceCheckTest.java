package dev.flujo.event.provenance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flujo.event.Attempt;
import dev.flujo.event.Cause;
import dev.flujo.event.JobEvent.ArtifactPublished;
import dev.flujo.event.JobEvent.Image;
import dev.flujo.event.JobEvent.JobStarted;
import dev.flujo.event.Revision;
import dev.flujo.event.RunEvent.RunQueued;
import dev.flujo.event.plan.Plan;
import dev.flujo.event.plan.Triggers;
import dev.flujo.event.provenance.ProvenanceCheck.Verdict;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ProvenanceCheckTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SHA = "a".repeat(64);
    private static final String OTHER_SHA = "b".repeat(64);
    private static final String COMMIT = "c".repeat(40);
    private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");
    private static final Attempt ATTEMPT = new Attempt(new UUID(1, 1), "build", 2);

    private final SigningKey key = key();
    private final Provenance provenance = new Provenance(
            "https://ci.example/builder",
            new RunQueued(
                    "shop",
                    ATTEMPT.run(),
                    "main",
                    "0123456789ab",
                    new Cause(Cause.Kind.PUSH, "ana", "delivery-1", NOON),
                    new Revision(
                            Optional.of("https://git.example/shop.git"),
                            "main",
                            Optional.of(COMMIT),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty()),
                    new Plan("main", new Triggers(Optional.empty(), true), Map.of(), List.of()),
                    Map.of("level", "3"),
                    Map.of()),
            new JobStarted(
                    "shop",
                    ATTEMPT,
                    "runner-1",
                    NOON,
                    Optional.of(new Image("java:17", "sha256:" + OTHER_SHA)),
                    Optional.empty()),
            new ArtifactPublished("shop", ATTEMPT, "target/app.jar", 12, SHA));
    private final String envelope = provenance.sign(key).json();

    @Test
    void signsTheBytesThatTheDsseProtocolGivesAsItsExample() {
        assertEquals(
                "DSSEv1 29 http://example.com/HelloWorld 11 hello world",
                new String(
                        SignedEnvelope.signedBytes(
                                "http://example.com/HelloWorld", "hello world".getBytes(StandardCharsets.UTF_8)),
                        StandardCharsets.UTF_8));
    }

    @Test
    void statesWhatTheLogSays() throws Exception {
        JsonNode statement = JSON.readTree(SignedEnvelope.read(envelope).payload());

        assertEquals("https://in-toto.io/Statement/v1", statement.path("_type").asText());
        assertEquals(
                "https://slsa.dev/provenance/v1",
                statement.path("predicateType").asText());
        assertEquals("target/app.jar", statement.at("/subject/0/name").asText());
        assertEquals(SHA, statement.at("/subject/0/digest/sha256").asText());
        JsonNode definition = statement.at("/predicate/buildDefinition");
        assertEquals("build", definition.at("/externalParameters/job").asText());
        assertEquals("3", definition.at("/externalParameters/inputs/level").asText());
        assertEquals(
                "0123456789ab",
                definition.at("/internalParameters/pipelineVersion").asText());
        assertEquals(
                "git+https://git.example/shop.git",
                definition.at("/resolvedDependencies/0/uri").asText());
        assertEquals(
                COMMIT,
                definition.at("/resolvedDependencies/0/digest/gitCommit").asText());
        assertEquals(
                OTHER_SHA,
                definition.at("/resolvedDependencies/1/digest/sha256").asText());
        assertEquals(
                "https://ci.example/builder",
                statement.at("/predicate/runDetails/builder/id").asText());
        assertEquals(
                ATTEMPT.id(),
                statement.at("/predicate/runDetails/metadata/invocationId").asText());
    }

    @Test
    void theSameEventsGiveTheSameEnvelope() {
        assertEquals(envelope, provenance.sign(key).json());
    }

    @Test
    void verifiesTheFileUnderWhateverNameItLies() {
        for (String name : List.of("app.jar", "/tmp/another-name")) {
            assertEquals(
                    new Verdict.Verified(
                            "target/app.jar",
                            key.publicKey().id(),
                            "https://ci.example/builder",
                            ATTEMPT.id(),
                            List.of("git+https://git.example/shop.git@" + COMMIT, "docker://java:17@" + OTHER_SHA)),
                    check(name, SHA, envelope, key));
        }
    }

    @Test
    void verifiesWithAnyOfTheTrustedKeys() {
        List<PublicSigningKey> both =
                PublicSigningKey.read(key().publicKey().pem() + key.publicKey().pem());

        assertTrue(ProvenanceCheck.of("app.jar", SHA, envelope, both) instanceof Verdict.Verified);
    }

    @Test
    void refusesAFileThatWasChanged() {
        assertEquals(
                "Expected app.jar to have the SHA-256 " + SHA + ", as its provenance says, but it has " + OTHER_SHA
                        + ": the file was changed",
                reason(check("app.jar", OTHER_SHA, envelope, key)));
    }

    @Test
    void refusesTheProvenanceOfAnotherFile() {
        assertEquals(
                "Expected the provenance of other.jar, but it is that of target/app.jar, and other.jar has another"
                        + " SHA-256: " + OTHER_SHA,
                reason(check("other.jar", OTHER_SHA, envelope, key)));
    }

    @Test
    void refusesASubjectThatWasChanged() throws Exception {
        SignedEnvelope signed = SignedEnvelope.read(envelope);
        String statement = new String(signed.payload(), StandardCharsets.UTF_8).replace(SHA, OTHER_SHA);

        assertEquals(
                CHANGED,
                reason(check("app.jar", OTHER_SHA, with(statement.getBytes(StandardCharsets.UTF_8), signed), key)));
    }

    @Test
    void refusesEveryChangedByteOfTheEnvelope() throws Exception {
        SignedEnvelope signed = SignedEnvelope.read(envelope);
        for (int at = 0; at < signed.payload().length; at++) {
            byte[] payload = signed.payload().clone();
            payload[at] ^= 1;
            assertEquals(CHANGED, reason(check("app.jar", SHA, with(payload, signed), key)));
        }
        String otherType = envelope.replace("application/vnd.in-toto+json", "application/vnd.in-toto+yaml");
        assertEquals(CHANGED, reason(check("app.jar", SHA, otherType, key)));
    }

    @Test
    void refusesAnotherKey() {
        SigningKey other = key();

        assertEquals(
                "Expected the envelope to be signed with the key "
                        + other.publicKey().id() + ", but it is signed with "
                        + key.publicKey().id(),
                reason(check("app.jar", SHA, envelope, other)));
    }

    @Test
    void refusesAnotherKeyThatSaysItIsTheRightOne() {
        SigningKey other = key();
        String claimed = provenance
                .sign(other)
                .json()
                .replace(other.publicKey().id(), key.publicKey().id());

        assertEquals(CHANGED, reason(check("app.jar", SHA, claimed, key)));
    }

    @Test
    void refusesAnEnvelopeThatNobodyHasSigned() {
        String unsigned = "{\"payload\":\"" + Base64.getEncoder().encodeToString(new byte[] {'{', '}'})
                + "\",\"payloadType\":\"application/vnd.in-toto+json\",\"signatures\":[]}";

        assertEquals(
                "Expected the envelope to be signed with the key "
                        + key.publicKey().id() + ", but it is signed with none",
                reason(check("app.jar", SHA, unsigned, key)));
    }

    @Test
    void refusesWhatIsNoEnvelope() {
        assertTrue(reason(check("app.jar", SHA, "no envelope", key))
                .startsWith("Expected a DSSE envelope, but it is no JSON"));
        assertEquals(
                "Expected a DSSE envelope, but `payload` or `payloadType` is missing",
                reason(check("app.jar", SHA, "{}", key)));
        assertTrue(reason(check("app.jar", SHA, "{\"payload\":\"*\",\"payloadType\":\"x\"}", key))
                .startsWith("Expected a DSSE envelope, but a part of it is no base64"));
    }

    @Test
    void refusesSignedBytesThatAreNoProvenance() {
        for (Map.Entry<String, String> other : Map.of(
                        "{}", "Expected the statement type https://in-toto.io/Statement/v1, but found ''",
                        "{\"_type\":\"https://in-toto.io/Statement/v1\",\"predicateType\":\"x\"}",
                                "Expected the predicate type https://slsa.dev/provenance/v1, but found 'x'",
                        "x", "Expected an in-toto statement in the envelope, but it is no JSON")
                .entrySet()) {
            String signed = SignedEnvelope.sign(
                            Provenance.PAYLOAD_TYPE, other.getKey().getBytes(StandardCharsets.UTF_8), key)
                    .json();
            assertEquals(other.getValue(), reason(check("app.jar", SHA, signed, key)));
        }
    }

    @Test
    void readsOnlyPublicEd25519Keys() {
        for (String none : List.of("", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----")) {
            IllegalArgumentException refused =
                    assertThrows(IllegalArgumentException.class, () -> PublicSigningKey.read(none));
            assertTrue(refused.getMessage().startsWith("Expected a public Ed25519 key in PEM"), refused.getMessage());
        }
    }

    private static final String CHANGED =
            "Expected the signature to fit what the envelope says, but it does not: the envelope was changed after it was"
                    + " signed";

    private static String with(byte[] payload, SignedEnvelope signed) {
        return new SignedEnvelope(
                        signed.payloadType(), Base64.getEncoder().encodeToString(payload), signed.signatures())
                .json();
    }

    private static Verdict check(String name, String sha256, String envelope, SigningKey trusted) {
        return ProvenanceCheck.of(name, sha256, envelope, List.of(trusted.publicKey()));
    }

    private static String reason(Verdict verdict) {
        assertTrue(verdict instanceof Verdict.Refused, verdict.toString());
        return ((Verdict.Refused) verdict).reason();
    }

    private static SigningKey key() {
        try {
            KeyPair pair =
                    KeyPairGenerator.getInstance(PublicSigningKey.ALGORITHM).generateKeyPair();
            return new SigningKey(pair.getPrivate(), new PublicSigningKey(pair.getPublic()));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
