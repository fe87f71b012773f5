package dev.flujo.deploy.target.local;

import dev.flujo.deploy.Facts;
import dev.flujo.event.Work;
import dev.flujo.kit.blob.BlobStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What one deployment brings, in its directory: the artifacts, how many replicas are wanted, and each of them. */
record Release(Path directory) {

    /** The variable that names the deployment to all of its processes. */
    static final String MARK = "FLUJO_DEPLOYMENT";

    private static final String WANTED = "wanted";
    private static final String SERVED = "served";

    Facts facts() {
        return new Facts(directory);
    }

    String deployment() {
        return directory.getFileName().toString();
    }

    Path files() {
        return directory.resolve("files");
    }

    /** How many replicas are wanted; none where nothing was said. */
    int wanted() throws IOException {
        return facts().fact(WANTED).map(Integer::parseInt).orElse(0);
    }

    void want(int replicas) throws IOException {
        facts().replace(WANTED, Integer.toString(replicas));
    }

    /** Whether it has been what serves; then its replicas are started again when they have died. */
    boolean served() throws IOException {
        return facts().fact(SERVED).isPresent();
    }

    void noteServed() throws IOException {
        facts().settled(SERVED, "yes");
    }

    Replica replica(int number) {
        return new Replica(
                deployment(),
                number,
                new ProcessDirectory(directory.resolve("replicas").resolve(Integer.toString(number))));
    }

    /** The replicas that are wanted. */
    List<Replica> replicas() throws IOException {
        return IntStream.range(0, wanted()).mapToObj(this::replica).toList();
    }

    /** The replicas that are there but not wanted any more. */
    List<Replica> surplus() throws IOException {
        Path all = directory.resolve("replicas");
        if (!Files.isDirectory(all)) {
            return List.of();
        }
        int wanted = wanted();
        try (Stream<Path> found = Files.list(all)) {
            return found.map(path -> Integer.parseInt(path.getFileName().toString()))
                    .filter(number -> number >= wanted)
                    .sorted()
                    .map(this::replica)
                    .filter(replica -> replica.directory().claimed())
                    .toList();
        }
    }

    /** Puts the artifacts in place, all or nothing. */
    void unpack(Work work, BlobStore blobs) throws IOException {
        if (Files.isDirectory(files())) {
            return;
        }
        Files.createDirectories(directory);
        Path fresh = Files.createTempDirectory(directory, "files");
        for (Work.Artifact artifact : work.artifacts()) {
            Path file = fresh.resolve(artifact.path()).normalize();
            if (!file.startsWith(fresh) || file.equals(fresh)) {
                throw new IOException("Expected an artifact inside the release, but its path is " + artifact.path());
            }
            Files.createDirectories(file.getParent());
            try (InputStream in = blobs.open(artifact.sha256())) {
                Files.copy(in, file);
            }
        }
        try {
            Files.move(fresh, files(), StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            new FileTree(fresh).delete();
            if (!Files.isDirectory(files())) {
                throw e;
            }
        }
    }

    /** Lets a replica work where the artifacts are. */
    void link(Replica replica) throws IOException {
        Files.createDirectories(replica.directory().path());
        try {
            Files.createSymbolicLink(replica.directory().files(), Path.of("..", "..", "files"));
        } catch (FileAlreadyExistsException linkedBefore) {
            return;
        }
    }
}
