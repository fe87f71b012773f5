package dev.flujo.pipeline.source;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which texts are addresses of repositories: {@code https}, {@code ssh} and {@code git} URLs and git's short form
 * {@code user@host:path}, with canonical public hosts; and {@code file} URLs below directories that the operator names. It
 * is judged by its form alone, without asking any name server: runners check what the name leads to when they connect.
 */
public final class RepositoryAddress {

    private static final int LONGEST = 1000;
    private static final String FILE = "file://";
    private static final Set<String> WITH_USER = Set.of("ssh");
    private static final Pattern URL =
            Pattern.compile("(https|ssh|git)://(?:([^/@]*)@)?(\\[[^\\]/]*\\]|[^/:@\\[\\]]+)(?::([0-9]{1,5}))?(/.*)");
    private static final Pattern SHORT = Pattern.compile("([^/@:]+)@([^/@:\\[\\]]+):([^/].*)");
    private static final Pattern USER = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,63}");
    private static final Pattern PATH = Pattern.compile("[A-Za-z0-9._~/+@%-]+");

    private RepositoryAddress() {}

    /** Why the text is no address that Flujo fetches from; none if it is one. */
    public static Optional<String> refusal(String text, List<Path> localDirectories) {
        if (text.isEmpty() || text.length() > LONGEST) {
            return Optional.of("it has " + text.length() + " characters; at most " + LONGEST + " are read");
        }
        if (text.startsWith(FILE)) {
            return refusalOfLocal(text.substring(FILE.length()), localDirectories);
        }
        Matcher url = URL.matcher(text);
        if (url.matches()) {
            return refusalOfUrl(url);
        }
        Matcher shortForm = SHORT.matcher(text);
        if (shortForm.matches()) {
            return first(
                    refusalOfUser(shortForm.group(1)),
                    HostName.refusal(shortForm.group(2)),
                    refusalOfPath("/" + shortForm.group(3)));
        }
        return Optional.of("it is none of https://host/path, ssh://user@host/path, git://host/path, user@host:path");
    }

    private static Optional<String> refusalOfUrl(Matcher url) {
        String user = url.group(2);
        Optional<String> ofUser = Optional.empty();
        if (user != null) {
            ofUser = WITH_USER.contains(url.group(1))
                    ? refusalOfUser(user)
                    : Optional.of("it has a user before the host; credentials never belong into an address");
        }
        return first(ofUser, HostName.refusal(url.group(3)), refusalOfPort(url.group(4)), refusalOfPath(url.group(5)));
    }

    private static Optional<String> refusalOfUser(String user) {
        return USER.matcher(user).matches() ? Optional.empty() : Optional.of("its user is not a plain name");
    }

    private static Optional<String> refusalOfPort(String port) {
        boolean valid = port == null || (Integer.parseInt(port) > 0 && Integer.parseInt(port) < 65536);
        return valid ? Optional.empty() : Optional.of("its port is not between 1 and 65535");
    }

    private static Optional<String> refusalOfPath(String path) {
        if (path.length() < 2 || !PATH.matcher(path).matches()) {
            return Optional.of("its path is not made of letters, digits and . _ ~ / + @ % -");
        }
        return path.contains("/../") || path.endsWith("/..") || path.startsWith("/-") || path.contains("//")
                ? Optional.of("its path is not canonical")
                : Optional.empty();
    }

    private static Optional<String> refusalOfLocal(String path, List<Path> directories) {
        if (!path.startsWith("/") || !PATH.matcher(path).matches() || path.contains("%")) {
            return Optional.of("it is no absolute path of plain characters");
        }
        Path wanted = Path.of(path);
        boolean below = wanted.equals(wanted.normalize())
                && directories.stream()
                        .map(directory -> directory.toAbsolutePath().normalize())
                        .anyMatch(directory -> wanted.startsWith(directory) && !wanted.equals(directory));
        return below
                ? Optional.empty()
                : Optional.of(
                        "local repositories are only read below the directories that flujo.repositories.local names");
    }

    @SafeVarargs
    private static Optional<String> first(Optional<String>... refusals) {
        for (Optional<String> refusal : refusals) {
            if (refusal.isPresent()) {
                return refusal;
            }
        }
        return Optional.empty();
    }
}
