package dev.flujo.runner.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Paths that a job has had its hands on: what lies there is looked at before it is read or written, and no link is followed. */
public final class WorkspacePath {

    private WorkspacePath() {}

    /** Whether a file lies there itself: no link to one, and nothing that would not end, such as a pipe or a device. */
    public static boolean isFile(Path path) {
        return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
    }

    /** Where a file is written below a directory; refused where that would be elsewhere, also by links on the way. */
    public static Path toWrite(Path directory, String name) throws IOException {
        Path path = directory.resolve(name).normalize();
        if (!path.startsWith(directory) || path.equals(directory)) {
            throw new IOException("Expected a path inside of " + directory + ", but it is " + name);
        }
        Path way = directory;
        for (Path part : directory.relativize(path)) {
            way = way.resolve(part);
            if (Files.isSymbolicLink(way)) {
                throw new IOException("Expected a path of directories to " + name + ", but " + directory.relativize(way)
                        + " is a link; remove it from the repository, or take the files over elsewhere");
            }
        }
        return path;
    }
}
