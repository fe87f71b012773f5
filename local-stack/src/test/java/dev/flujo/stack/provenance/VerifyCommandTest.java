package dev.flujo.stack.provenance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.Attempt;
import dev.flujo.event.Cause;
import dev.flujo.event.JobEvent.ArtifactPublished;
import dev.flujo.event.JobEvent.JobStarted;
import dev.flujo.event.Revision;
import dev.flujo.event.RunEvent.RunQueued;
import dev.flujo.event.plan.Plan;
import dev.flujo.event.plan.Triggers;
import dev.flujo.event.provenance.Provenance;
import dev.flujo.event.provenance.PublicSigningKey;
import dev.flujo.event.provenance.SigningKey;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Checks with nothing but files; that of a run is tested where runs are. */
class VerifyCommandTest {

    /** The SHA-256 of the text "app". */
    private static final String SHA = "a172cedcae47474b615c54d510a5d84a8dea3032e958587430b413538be3f333";

    private static final Attempt ATTEMPT = new Attempt(new UUID(1, 1), "build", 1);

    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final SigningKey key = key();
    private Path file;
    private Path envelope;
    private Path publicKey;

    @BeforeEach
    void makeAnArtifact() throws IOException {
        file = Files.writeString(directory.resolve("app.jar"), "app");
        envelope = Files.writeString(
                directory.resolve("envelope.json"), provenance().sign(key).json());
        publicKey =
                Files.writeString(directory.resolve("key.pem"), key.publicKey().pem());
    }

    @Test
    void saysWhatWasVerified() {
        assertEquals(0, verify());
        assertEquals(
                "verified: " + file + " is target/app.jar of " + ATTEMPT.id() + "\n"
                        + "  SHA-256   " + SHA + "\n"
                        + "  built by  https://ci.example/builder\n"
                        + "  signed by " + key.publicKey().id() + "\n",
                out.toString());
    }

    @Test
    void refusesAChangedFile() throws IOException {
        Files.writeString(file, "apq");

        assertEquals(1, verify());
        assertTrue(
                out.toString().startsWith("not verified: Expected app.jar to have the SHA-256 " + SHA), out.toString());
    }

    @Test
    void refusesAnotherKey() throws IOException {
        Files.writeString(publicKey, key().publicKey().pem());

        assertEquals(1, verify());
        assertTrue(
                out.toString().startsWith("not verified: Expected the envelope to be signed with the key"),
                out.toString());
    }

    @Test
    void refusesAChangedEnvelope() throws IOException {
        String text = Files.readString(envelope);
        int at = text.indexOf("\"sig\":\"") + 20;
        Files.writeString(
                envelope, text.substring(0, at) + (text.charAt(at) == 'A' ? 'B' : 'A') + text.substring(at + 1));

        assertEquals(1, verify());
        assertTrue(
                out.toString().startsWith("not verified: Expected the signature to fit what the envelope says"),
                out.toString());
    }

    @Test
    void wantsToKnowWhoSaysWhereTheFileComesFrom() {
        StringWriter wrong = new StringWriter();

        assertEquals(
                2,
                new CommandLine(new VerifyCommand())
                        .setErr(new PrintWriter(wrong, true))
                        .execute(file.toString()));
        assertTrue(wrong.toString().contains("(--provenance=ENVELOPE | --run=RUN)"), wrong.toString());
    }

    private int verify() {
        return new CommandLine(new VerifyCommand())
                .setOut(new PrintWriter(out, true))
                .execute(file.toString(), "--provenance", envelope.toString(), "--key", publicKey.toString());
    }

    private static Provenance provenance() {
        Instant noon = Instant.parse("2026-11-29T12:00:00Z");
        return new Provenance(
                "https://ci.example/builder",
                new RunQueued(
                        "shop",
                        ATTEMPT.run(),
                        "main",
                        "0123456789ab",
                        new Cause(Cause.Kind.MANUAL, "ana", "key-1", noon),
                        new Revision(
                                Optional.empty(),
                                "main",
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()),
                        new Plan("main", new Triggers(Optional.empty(), true), Map.of(), List.of())),
                new JobStarted("shop", ATTEMPT, "runner-1", noon),
                new ArtifactPublished("shop", ATTEMPT, "target/app.jar", 3, SHA));
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
