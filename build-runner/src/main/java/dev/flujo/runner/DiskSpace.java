package dev.flujo.runner;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jboss.logging.Logger;

/** How much can still be written where a path lies. */
final class DiskSpace {

    private static final Logger LOG = Logger.getLogger(DiskSpace.class);

    /** What a write that does not fit leaves. */
    private static final long NEXT_TO_NOTHING = 4L * 1024 * 1024;

    private DiskSpace() {}

    static boolean full(Path path) {
        return under(path, NEXT_TO_NOTHING);
    }

    /** Whether there are fewer bytes than that; no if that cannot be seen. */
    static boolean under(Path path, long bytes) {
        try {
            return Files.getFileStore(path).getUsableSpace() < bytes;
        } catch (IOException e) {
            LOG.debugf("the space at %s cannot be seen: %s", path, e.getMessage());
            return false;
        }
    }
}
