package dev.flujo.event;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Package URLs (purl): how CDEvents names artifacts. */
public final class PackageUrl {

    private PackageUrl() {}

    /** The purl of a file that a project's job made: {@code pkg:generic/project/path@sha256%3A...}. */
    public static String generic(String project, String path, String sha256) {
        return "pkg:generic/" + encode(project) + "/" + encode(path) + "@sha256%3A" + sha256;
    }

    private static String encode(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%2F", "/");
    }
}
