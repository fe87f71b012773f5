package dev.flujo.deploy.target.kubernetes;

import dev.flujo.event.Work;
import dev.flujo.kit.blob.BlobStore;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Renders a kustomize directory among a job's artifacts with the {@code kubectl} or {@code kustomize} of this machine. All that
 * it refers to has to lie among the artifacts: nothing is fetched, and no plugin is executed.
 */
final class Kustomize {

    private static final int PATIENCE_SECONDS = 30;
    private static final int LONGEST_COMPLAINT = 1000;

    /** Nobody listens there: what kustomize would fetch is not fetched. */
    private static final String NOWHERE = "http://127.0.0.1:9";

    private final BlobStore blobs;
    private final String searched;

    /** @param searched the directories in which the programs are, as {@code PATH} has them */
    Kustomize(BlobStore blobs, String searched) {
        this.blobs = blobs;
        this.searched = searched;
    }

    /** @throws Refused if there is no such directory, if it cannot be rendered, or if nobody here can */
    String render(List<Work.Artifact> artifacts, String directory, long mostBytes) throws Refused, IOException {
        List<String> command = command();
        Path root = Files.createTempDirectory("flujo-kustomize").toRealPath();
        try {
            Path tree = Files.createDirectory(root.resolve("artifacts"));
            for (Work.Artifact artifact : artifacts) {
                if (artifact.bytes() <= mostBytes) {
                    unpack(tree, artifact);
                }
            }
            Path named = tree.resolve(directory).normalize();
            if (!named.startsWith(tree) || !Files.isDirectory(named)) {
                throw new Refused("Expected a directory " + directory + " among the artifacts, but there is none.");
            }
            return run(command, root, named, directory);
        } finally {
            delete(root);
        }
    }

    private List<String> command() throws Refused {
        Optional<String> kubectl = program("kubectl");
        Optional<String> kustomize = program("kustomize");
        if (kubectl.isPresent()) {
            return List.of(kubectl.get(), "kustomize");
        }
        if (kustomize.isPresent()) {
            return List.of(kustomize.get(), "build");
        }
        throw new Refused(
                "Expected `kubectl` or `kustomize` where deploy-service runs, to render the kustomize directory,"
                        + " but neither is on its PATH (" + searched
                        + "); install one, or render the directory in a step of the"
                        + " job (kubectl kustomize DIRECTORY > FILE) and name that file in `manifests`.");
    }

    private Optional<String> program(String name) {
        return Stream.of(searched.split(File.pathSeparator, -1))
                .map(directory -> Path.of(directory, name).toAbsolutePath())
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }

    private void unpack(Path tree, Work.Artifact artifact) throws Refused, IOException {
        Path file = tree.resolve(artifact.path()).normalize();
        if (!file.startsWith(tree)) {
            throw new Refused("Expected artifacts within their directory, but there is " + artifact.path() + ".");
        }
        Files.createDirectories(file.getParent());
        try (InputStream in = blobs.open(artifact.sha256())) {
            Files.copy(in, file);
        }
    }

    private static String run(List<String> command, Path root, Path directory, String name)
            throws Refused, IOException {
        Path output = root.resolve("output");
        Path complaint = root.resolve("complaint");
        ProcessBuilder builder = new ProcessBuilder(Stream.concat(command.stream(), Stream.of(directory.toString()))
                        .toList())
                .directory(root.toFile())
                .redirectOutput(output.toFile())
                .redirectError(complaint.toFile());
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.putAll(Map.of("HOME", root.toString(), "HTTP_PROXY", NOWHERE, "HTTPS_PROXY", NOWHERE));
        Process process = builder.start();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new Refused("Expected kustomize directory " + name + " to be rendered within " + PATIENCE_SECONDS
                        + " s, but it was not.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the service is being stopped");
        } finally {
            process.destroyForcibly();
        }
        if (process.exitValue() != 0) {
            String said = Files.readString(complaint)
                    .replace(root.resolve("artifacts") + "/", "")
                    .strip();
            throw new Refused("Expected kustomize directory " + name + " to be rendered, but it says: "
                    + said.substring(0, Math.min(said.length(), LONGEST_COMPLAINT)));
        }
        return Files.readString(output);
    }

    private static void delete(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
