package dev.flujo.kit.node;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** The name of a process that owns a directory: made once for it, so that a restarted process is the same one. */
public final class Identity {

    private Identity() {}

    /** The name kept in the directory; made from the kind and the host where there is none. */
    public static String of(String kind, Path directory) throws IOException {
        Path file = directory.resolve(kind + "-id");
        if (!Files.exists(file)) {
            Files.createDirectories(directory);
            String host = InetAddress.getLocalHost().getHostName().replaceAll("[^A-Za-z0-9-]", "-");
            Files.writeString(
                    file, kind + "-" + host + "-" + UUID.randomUUID().toString().substring(0, 8));
        }
        return Files.readString(file).trim();
    }
}
