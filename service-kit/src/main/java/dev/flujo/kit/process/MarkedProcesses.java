package dev.flujo.kit.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;

/**
 * All processes that one command has begun, wherever they have gone: each inherits a variable of its environment that names
 * what it belongs to, and a new session or another parent does not take it away.
 */
public final class MarkedProcesses {

    private static final Logger LOG = Logger.getLogger(MarkedProcesses.class);
    private static final Duration STEP = Duration.ofMillis(50);
    private static final Duration PATIENCE_WITH_KILLED = Duration.ofSeconds(10);

    private final String mark;

    /** The processes whose environment has this variable with this value. */
    public MarkedProcesses(String variable, String value) {
        this.mark = variable + "=" + value;
    }

    /** Ends all of them: by request, and after the patience for good; looks again until none is left. */
    public void end(Duration patience) {
        long kill = System.nanoTime() + patience.toNanos();
        long giveUp = kill + PATIENCE_WITH_KILLED.toNanos();
        boolean asked = false;
        for (List<ProcessHandle> living = living(); !living.isEmpty(); living = living()) {
            long now = System.nanoTime();
            if (now > giveUp) {
                LOG.errorf("processes of %s do not end: %s", mark, living);
                return;
            }
            if (now > kill) {
                living.forEach(ProcessHandle::destroyForcibly);
            } else if (!asked) {
                living.forEach(ProcessHandle::destroy);
                asked = true;
            }
            LockSupport.parkNanos(STEP.toNanos());
        }
    }

    /** The processes that carry the mark now. */
    public List<ProcessHandle> living() {
        List<ProcessHandle> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path entry : entries) {
                if (marked(entry)) {
                    ProcessHandle.of(Long.parseLong(entry.getFileName().toString()))
                            .filter(ProcessHandle::isAlive)
                            .ifPresent(found::add);
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("Expected to list the processes in /proc, but " + e.getMessage(), e);
        }
        return found;
    }

    /** A process that ends while it is looked at, or is another user's, carries no mark of ours. */
    private boolean marked(Path entry) {
        try {
            String environment = Files.readString(entry.resolve("environ"), StandardCharsets.ISO_8859_1);
            return environment.startsWith(mark + "\0") || environment.contains("\0" + mark + "\0");
        } catch (IOException e) {
            LOG.tracef("no environment in %s: %s", entry, e.getMessage());
            return false;
        }
    }
}
