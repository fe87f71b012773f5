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
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds files of a workspace by pattern. Links are not followed, so nothing outside is ever found; nor are devices. A file that
 * has another name outside of the workspace, as hard links give, is refused.
 */
public final class WorkspaceFiles {

    private WorkspaceFiles() {}

    /**
     * The regular files whose path, relative to the workspace, fits the glob; in the order of their paths.
     *
     * @throws IOException if it is no pattern, or the workspace cannot be read
     */
    public static List<Path> matching(Path workspace, String glob) throws IOException {
        try {
            List<Path> found = found(workspace, glob);
            refuseOthers(workspace, found);
            return found;
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

    /** All names of a file that has several have to lie in the workspace. */
    private static void refuseOthers(Path workspace, List<Path> found) throws IOException {
        Map<Object, Path> several = new HashMap<>();
        for (Path file : found) {
            if (names(file) > 1) {
                several.put(Files.getAttribute(file, "unix:ino", LinkOption.NOFOLLOW_LINKS), file);
            }
        }
        if (several.isEmpty()) {
            return;
        }
        Map<Object, Integer> inside = new HashMap<>();
        Files.walkFileTree(workspace, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isRegularFile()) {
                    inside.merge(Files.getAttribute(file, "unix:ino", LinkOption.NOFOLLOW_LINKS), 1, Integer::sum);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE;
            }
        });
        for (Map.Entry<Object, Path> file : several.entrySet()) {
            if (names(file.getValue()) > inside.getOrDefault(file.getKey(), 0)) {
                throw new IOException(
                        "Expected files of the workspace alone, but " + workspace.relativize(file.getValue())
                                + " is also a file elsewhere; copy it instead of linking");
            }
        }
    }

    private static int names(Path file) throws IOException {
        return (int) Files.getAttribute(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS);
    }

    /** Whether no directory on the way to the file is a link that leads elsewhere. */
    private static boolean inside(Path workspace, Path file) throws IOException {
        return file.toRealPath().startsWith(workspace.toRealPath());
    }

    private static boolean hasWildcards(String glob) {
        return glob.chars().anyMatch(c -> "*?[{".indexOf(c) >= 0);
    }
}
