package dev.flujo.stack.provenance;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flujo.event.provenance.ProvenanceCheck;
import dev.flujo.event.provenance.ProvenanceCheck.Verdict;
import dev.flujo.event.provenance.PublicSigningKey;
import dev.flujo.stack.LocalStack;
import dev.flujo.stack.Main;
import dev.flujo.stack.Rest;
import dev.flujo.stack.StackException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says whether a file is an artifact as a run made it: by an envelope on disk, or by what Flujo on this machine knows. */
@Command(
        name = "verify",
        description = "Check that a file is what a run has made, and how it was made.",
        mixinStandardHelpOptions = true)
public final class VerifyCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FILE", description = "the artifact")
    private Path file;

    @ArgGroup(multiplicity = "1")
    private Claim claim;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "the public key in PEM; by default those of Flujo on this machine")
    private Optional<Path> key;

    @Spec
    private CommandSpec spec;

    /** Who says where the file comes from. */
    private static final class Claim {

        @Option(names = "--provenance", paramLabel = "ENVELOPE", description = "the file with the signed statement")
        private Optional<Path> envelope = Optional.empty();

        @Option(names = "--run", paramLabel = "RUN", description = "the run that is said to have made it")
        private Optional<String> run = Optional.empty();
    }

    @Override
    public Integer call() throws InterruptedException {
        String sha256 = sha256();
        List<PublicSigningKey> keys = keys();
        String envelope =
                claim.envelope.isPresent() ? text(claim.envelope.get()) : ofRun(claim.run.orElseThrow(), sha256);
        Verdict verdict = ProvenanceCheck.of(file.getFileName().toString(), sha256, envelope, keys);
        PrintWriter out = spec.commandLine().getOut();
        if (verdict instanceof Verdict.Refused refused) {
            out.println("not verified: " + refused.reason());
            return 1;
        }
        Verdict.Verified verified = (Verdict.Verified) verdict;
        out.println("verified: " + file + " is " + verified.subject() + " of " + verified.invocation());
        out.println("  SHA-256   " + sha256);
        out.println("  built by  " + verified.builder());
        verified.from().forEach(from -> out.println("  from      " + from));
        out.println("  signed by " + verified.keyId());
        return 0;
    }

    private List<PublicSigningKey> keys() throws InterruptedException {
        try {
            return PublicSigningKey.read(key.isPresent() ? text(key.get()) : published());
        } catch (IllegalArgumentException e) {
            throw new StackException(
                    e.getMessage() + " in " + key.map(Path::toString).orElse("what Flujo on this machine publishes"),
                    e);
        }
    }

    private static String published() throws InterruptedException {
        StringBuilder pem = new StringBuilder();
        get("/api/v1/signing-keys")
                .path("items")
                .forEach(each -> pem.append(each.path("pem").asText()));
        return pem.toString();
    }

    /** The envelope of the artifact with this digest; one of the same name says best what else it is. */
    private String ofRun(String run, String sha256) throws InterruptedException {
        List<String> others = new ArrayList<>();
        Optional<JsonNode> named = Optional.empty();
        for (JsonNode artifact : get("/api/v1/runs/" + run + "/artifacts").path("items")) {
            if (artifact.path("sha256").asText().equals(sha256)) {
                return envelope(artifact);
            }
            String path = artifact.path("path").asText();
            others.add(artifact.path("job").asText() + "/" + path);
            if (Path.of(path).endsWith(file.getFileName())) {
                named = Optional.of(artifact);
            }
        }
        if (named.isPresent()) {
            return envelope(named.get());
        }
        throw new StackException(
                "not verified: Expected run " + run + " to have made " + file + ", but none of its artifacts"
                        + " has that name or the SHA-256 " + sha256 + "; it has "
                        + (others.isEmpty() ? "none" : String.join(", ", others)));
    }

    private static String envelope(JsonNode artifact) throws InterruptedException {
        if (!artifact.hasNonNull("provenance")) {
            throw new StackException("not verified: Expected the provenance of "
                    + artifact.path("path").asText()
                    + " to be signed, but it is not; a run that has just ended is signed in a moment, and without a key"
                    + " (FLUJO_PROVENANCE_KEY_FILE of pipeline-service) nothing is");
        }
        return get(artifact.path("provenance").asText()).toString();
    }

    private static JsonNode get(String path) throws InterruptedException {
        LocalStack stack = Main.stack();
        try {
            return new Rest(stack.url(), stack.adminToken()).get(path);
        } catch (IOException e) {
            throw new StackException(
                    "Expected Flujo to answer at " + stack.url() + ", but " + e + "; ./flujo up starts it, and"
                            + " --provenance with --key needs nothing that runs",
                    e);
        }
    }

    private String sha256() {
        try (InputStream bytes = Files.newInputStream(file)) {
            DigestInputStream digested = new DigestInputStream(bytes, MessageDigest.getInstance("SHA-256"));
            digested.transferTo(java.io.OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digested.getMessageDigest().digest());
        } catch (IOException e) {
            throw new StackException("Expected a file at " + file + ", but " + e, e);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    private static String text(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new StackException("Expected a text file in UTF-8 at " + path + ", but " + e, e);
        }
    }
}
