package dev.flujo.runner.checkout;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the runner knows of hosts of repositories, in files that are named for them: {@code HOST.credentials} has who it is there,
 * as lines {@code username=} and {@code password=} (git-credential(1)), {@code HOST.pem} the authorities that vouch for the host's
 * certificate where it is none of the machine's; over ssh {@code HOST.key} has its private key there, and {@code HOST.known_hosts} by
 * which keys the host is known. They are read when they are used, and never written.
 */
public record HostFiles(Optional<Path> directory) {

    /** Nothing is known of any host. */
    public static final HostFiles NONE = new HostFiles(Optional.empty());

    /** What tells git of this host, and of it alone: it asks a helper, so that no secret is in its arguments or environment. */
    List<String> options(RemoteHost host) {
        List<String> options = new ArrayList<>();
        if (host.transport().equals("https")) {
            String place = "https://" + host.name() + ":" + host.port();
            file(host, ".credentials").ifPresent(file -> {
                options.add("-c");
                options.add("credential." + place + ".helper=!f() { test \"$1\" = get && cat " + quoted(file.toString())
                        + "; }; f");
            });
            file(host, ".pem").ifPresent(file -> {
                options.add("-c");
                options.add("http." + place + ".sslCAInfo=" + file);
            });
        }
        return options;
    }

    /** What tells ssh of this host: whose key it is, and by which keys the host is known, in the place of what the user has. */
    String sshOptions(RemoteHost host) {
        String key = file(host, ".key")
                .map(file -> " -oIdentitiesOnly=yes " + option("IdentityFile", file))
                .orElse("");
        return file(host, ".known_hosts")
                .map(file -> key + " -oStrictHostKeyChecking=yes -oGlobalKnownHostsFile=/dev/null "
                        + option("UserKnownHostsFile", file))
                .orElse(key);
    }

    /** Who it is there, as a request says it (RFC 7617). */
    Optional<String> basicAuthorization(RemoteHost host) throws IOException {
        Optional<Path> file = file(host, ".credentials");
        if (file.isEmpty()) {
            return Optional.empty();
        }
        Map<String, String> said = new HashMap<>();
        for (String line : Files.readAllLines(file.get())) {
            int end = line.indexOf('=');
            said.put(line.substring(0, Math.max(0, end)), line.substring(end + 1));
        }
        String both = said.getOrDefault("username", "") + ":" + said.getOrDefault("password", "");
        return Optional.of("Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8)));
    }

    /** The authorities that vouch for it where it is not the machine's that do. */
    Optional<Path> authorities(RemoteHost host) {
        return file(host, ".pem");
    }

    private Optional<Path> file(RemoteHost host, String ending) {
        return directory
                .map(all -> all.toAbsolutePath().resolve(host.name().replaceAll("[\\[\\]]", "") + ending))
                .filter(Files::isRegularFile);
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    /** For a shell, and for ssh, which takes words apart once more. */
    private static String option(String name, Path file) {
        return quoted("-o" + name + "=\"" + file + "\"");
    }
}
