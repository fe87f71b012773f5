package dev.flujo.runner.report;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Finds files of a workspace by pattern. Links are not followed, so nothing outside is ever found; nor are devices. */
public final class WorkspaceFiles {

    private WorkspaceFiles() {}

    /**
     * The regular files whose path, relative to the workspace, fits the glob; in the order of their paths.
     *
     * @throws IOException if it is no pattern, or the workspace cannot be read
     */
    public static List<Path> matching(Path workspace, String glob) throws IOException {
        try {
            return found(workspace, glob);
        } catch (IllegalArgumentException e) {
            throw new IOException("Expected a path or a pattern, but found '" + glob + "'", e);
        }
    }

    private static List<Path> found(Path workspace, String glob) throws IOException {
        Path exact = workspace.resolve(glob).normalize();
        if (!hasWildcards(glob)) {
            return exact.startsWith(workspace)
                            && Files.isRegularFile(exact, LinkOption.NOFOLLOW_LINKS)
                            && inside(workspace, exact)
                    ? List.of(exact)
                    : List.of();
        }
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + glob);
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(workspace, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile() && matcher.matches(workspace.relativize(file))) {
                    found.add(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE;
            }
        });
        Collections.sort(found);
        return found;
    }

    /** Whether no directory on the way to the file is a link that leads elsewhere. */
    private static boolean inside(Path workspace, Path file) throws IOException {
        return file.toRealPath().startsWith(workspace.toRealPath());
    }

    private static boolean hasWildcards(String glob) {
        return glob.chars().anyMatch(c -> "*?[{".indexOf(c) >= 0);
    }
}
