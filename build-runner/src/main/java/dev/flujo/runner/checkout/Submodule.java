package dev.flujo.runner.checkout;

import dev.flujo.runner.checkout.Git.Place;
import dev.flujo.runner.checkout.Git.Way;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A repository that a commit has in a directory, and at which commit (gitmodules(5)). */
record Submodule(String path, String url, String commit) {

    private static final String LINK = "160000 commit ";
    private static final String KEY = "submodule.";

    /** Those of the commit that is checked out there. */
    static List<Submodule> allOf(String repository, Git git, Place place, Way way)
            throws CheckoutException, IOException, InterruptedException {
        List<String> links = git.said(place, way, "ls-tree", "-r", "-z", "--full-tree", "HEAD").stream()
                .filter(entry -> entry.startsWith(LINK))
                .toList();
        if (links.isEmpty()) {
            return List.of();
        }
        Map<String, String> urls = urls(git.said(place, way, "config", "--blob", "HEAD:.gitmodules", "-z", "--list"));
        List<Submodule> all = new ArrayList<>();
        for (String link : links) {
            int end = link.indexOf('\t');
            String path = link.substring(end + 1);
            String url = urls.get(path);
            if (url == null) {
                throw new CheckoutException("Expected a URL for the submodule '" + path
                        + "' in .gitmodules, but there is none; add it, or remove the submodule from the commit");
            }
            all.add(new Submodule(path, absolute(url, repository), link.substring(LINK.length(), end)));
        }
        return all;
    }

    /** Where it belongs, in the directory that git has made for it. */
    Place placeIn(Place place) throws CheckoutException, IOException {
        Path directory = place.directory().resolve(path);
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
                || !directory.toRealPath().startsWith(place.directory().toRealPath())) {
            throw new CheckoutException("Expected a directory for the submodule '" + path + "', but there is none");
        }
        return place.below(path);
    }

    /** What the file says of each path; of two that are the same the last one counts, as everywhere in such files. */
    private static Map<String, String> urls(List<String> entries) {
        Map<String, String> paths = new HashMap<>();
        Map<String, String> urls = new HashMap<>();
        for (String entry : entries) {
            int end = entry.indexOf('\n');
            String key = end < 0 ? entry : entry.substring(0, end);
            named(key, ".path").ifPresent(name -> paths.put(name, entry.substring(end + 1)));
            named(key, ".url").ifPresent(name -> urls.put(name, entry.substring(end + 1)));
        }
        Map<String, String> all = new HashMap<>();
        urls.forEach((name, url) -> Optional.ofNullable(paths.get(name)).ifPresent(path -> all.put(path, url)));
        return all;
    }

    private static Optional<String> named(String key, String what) {
        boolean right = key.startsWith(KEY) && key.endsWith(what) && key.length() > KEY.length() + what.length();
        return right ? Optional.of(key.substring(KEY.length(), key.length() - what.length())) : Optional.empty();
    }

    /** A URL that begins with {@code ./} or {@code ../} begins at the repository that names it. */
    private static String absolute(String url, String repository) throws CheckoutException {
        String base = repository.replaceAll("/+$", "");
        String rest = url;
        int host = base.indexOf("://") + "://".length();
        while (rest.startsWith("./") || rest.startsWith("../")) {
            if (rest.startsWith("../")) {
                int last = base.lastIndexOf('/');
                if (last < host) {
                    throw new CheckoutException(
                            "Expected the URL of a submodule, but '" + url + "' is above the host of " + repository);
                }
                base = base.substring(0, last);
            }
            rest = rest.substring(rest.indexOf('/') + 1);
        }
        return rest.equals(url) ? url : base + "/" + rest;
    }
}
