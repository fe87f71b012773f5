package dev.flujo.runner.executor.docker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Who a job is in its container.
 *
 * @param other whether the runner is somebody else, and so has to give files away
 */
record User(int uid, int gid, boolean other) {

    private static final Pattern TEXT = Pattern.compile("([1-9][0-9]{0,8}):([1-9][0-9]{0,8})");
    private static final int NOBODY_ELSES = 10001;

    /** The one that is configured; otherwise the owner of what the runner writes here, who may not be root. */
    static User of(Optional<String> configured, Path directory) throws IOException {
        int owner = (int) Files.getAttribute(directory, "unix:uid");
        int group = (int) Files.getAttribute(directory, "unix:gid");
        boolean root = owner == 0;
        if (configured.isEmpty()) {
            return root ? new User(NOBODY_ELSES, NOBODY_ELSES, true) : new User(owner, group, false);
        }
        var matcher = TEXT.matcher(configured.get());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "Expected flujo.runner.docker.user as uid:gid, neither of them 0, but it is '" + configured.get()
                            + "'");
        }
        User user = new User(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)), root);
        if (!root && user.uid() != owner) {
            throw new IllegalArgumentException("Expected flujo.runner.docker.user to be the runner's own, " + owner
                    + ", since only root gives files away, but it is " + user.uid());
        }
        return user;
    }

    String text() {
        return uid + ":" + gid;
    }

    /** Gives a file to the user, not what a link leads to. */
    void own(Path file) throws IOException {
        if (other) {
            Files.setAttribute(file, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
            Files.setAttribute(file, "unix:gid", gid, LinkOption.NOFOLLOW_LINKS);
        }
    }
}
