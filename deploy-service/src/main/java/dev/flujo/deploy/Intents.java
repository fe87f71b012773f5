package dev.flujo.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flujo.event.AssignmentEvent.WorkAssigned;
import dev.flujo.event.Attempt;
import dev.flujo.event.Decoded;
import dev.flujo.event.Envelope;
import dev.flujo.event.EventCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * What this service has taken on, on disk: each deployment is noted before anything is done, and closed once its end is
 * known everywhere. A service that restarts goes on with what is open.
 */
final class Intents {

    private static final Logger LOG = Logger.getLogger(Intents.class);
    private static final EventCodec CODEC = new EventCodec();
    private static final ObjectMapper JSON = CODEC.mapper();
    private static final String OPEN = ".json";

    private final Path directory;

    Intents(Path root) throws IOException {
        this.directory = Files.createDirectories(root.resolve("intents"));
    }

    /** Whether the attempt was noted before, be it open or closed. */
    boolean has(Attempt attempt) {
        return Files.exists(file(attempt, OPEN)) || Files.exists(file(attempt, ".done"));
    }

    /** Notes an assignment durably. */
    void note(Envelope envelope, WorkAssigned assignment) throws IOException {
        Path fresh = Files.createTempFile(directory, "intent", ".tmp");
        try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(JSON.writeValueAsBytes(CODEC.toJson(envelope))));
            channel.force(true);
        }
        Files.move(fresh, file(assignment.attempt(), OPEN), StandardCopyOption.ATOMIC_MOVE);
    }

    /** The assignments whose end is not known everywhere. */
    List<Envelope> open() throws IOException {
        List<Envelope> open = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(path -> path.toString().endsWith(OPEN))
                    .sorted()
                    .toList()) {
                JsonNode json = JSON.readTree(Files.readAllBytes(file));
                if (CODEC.decode(json) instanceof Decoded.Known known
                        && known.envelope().event() instanceof WorkAssigned) {
                    open.add(known.envelope());
                } else {
                    LOG.errorf("Expected a noted assignment in %s, but it cannot be read", file);
                }
            }
        }
        return open;
    }

    /** Notes why a deployment shall stop, so that a restarted service stops it too. */
    void noteStop(Attempt attempt, String reason) throws IOException {
        Files.writeString(file(attempt, ".stop"), reason);
    }

    Optional<String> stop(Attempt attempt) throws IOException {
        Path file = file(attempt, ".stop");
        return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
    }

    /** Where the lines of a deployment's log are kept until it is closed. */
    Path log(Attempt attempt) {
        return file(attempt, ".log");
    }

    /** Notes that nothing is left to do. */
    void close(Attempt attempt) throws IOException {
        Files.move(file(attempt, OPEN), file(attempt, ".done"), StandardCopyOption.ATOMIC_MOVE);
        Files.deleteIfExists(file(attempt, ".stop"));
        Files.deleteIfExists(log(attempt));
    }

    private Path file(Attempt attempt, String ending) {
        return directory.resolve(attempt.run() + "." + attempt.job() + "." + attempt.number() + ending);
    }
}
