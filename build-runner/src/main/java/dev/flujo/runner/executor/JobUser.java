package dev.flujo.runner.executor;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Who a job is.
 *
 * @param other whether the runner is somebody else, and so has to give files away
 */
public record JobUser(int uid, int gid, boolean other) {

    private static final Pattern TEXT = Pattern.compile("([1-9][0-9]{0,8}):([1-9][0-9]{0,8})");
    private static final int NOBODY_ELSES = 10001;

    /** The one that is configured; otherwise the owner of what the runner writes here, who may not be root. */
    public static JobUser of(String property, Optional<String> configured, Path directory) throws IOException {
        int owner = (int) Files.getAttribute(directory, "unix:uid");
        int group = (int) Files.getAttribute(directory, "unix:gid");
        boolean root = owner == 0;
        if (configured.isEmpty()) {
            return root ? new JobUser(NOBODY_ELSES, NOBODY_ELSES, true) : new JobUser(owner, group, false);
        }
        var matcher = TEXT.matcher(configured.get());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "Expected " + property + " as uid:gid, neither of them 0, but it is '" + configured.get() + "'");
        }
        JobUser user = new JobUser(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)), root);
        if (!root && user.uid() != owner) {
            throw new IllegalArgumentException("Expected " + property + " to be the runner's own, " + owner
                    + ", since only root gives files away, but it is " + user.uid());
        }
        return user;
    }

    public String text() {
        return uid + ":" + gid;
    }

    /** Gives a file to the user, not what a link leads to. */
    public void own(Path file) throws IOException {
        if (other) {
            Files.setAttribute(file, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
            Files.setAttribute(file, "unix:gid", gid, LinkOption.NOFOLLOW_LINKS);
        }
    }

    /** Gives a directory to the user with everything in it. */
    public void give(Path tree) throws IOException {
        if (!other) {
            return;
        }
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                own(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                own(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
