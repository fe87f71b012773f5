package dev.flujo.runner.checkout;

import dev.flujo.runner.checkout.Git.Place;
import dev.flujo.runner.checkout.Git.Way;
import dev.flujo.runner.egress.NameService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Puts what Git LFS keeps of a commit into the place of the pointers that the commit has. */
final class LargeFiles {

    /** Git compares its index with files to the second. */
    private static final Duration BEFORE = Duration.ofSeconds(2);

    /** Gives the pointer for a file's content, so that git finds unchanged what has been put there. */
    private static final String CLEAN =
            """
            f() { t=$(mktemp) && cat >"$t" && printf 'version https://git-lfs.github.com/spec/v1\\noid sha256:%s\\nsize %s\\n' \
            "$(sha256sum <"$t" | cut -d' ' -f1)" "$(stat -c %s "$t")" && rm -f "$t"; }; f""";

    private final Git git;
    private final Set<String> privateHosts;
    private final NameService names;
    private final HostFiles hosts;

    /**
     * @param privateHosts hosts that may have addresses that are not public
     * @param hosts who the runner is at which host
     */
    LargeFiles(Git git, Set<String> privateHosts, NameService names, HostFiles hosts) {
        this.git = git;
        this.privateHosts = Set.copyOf(privateHosts);
        this.names = names;
        this.hosts = hosts;
    }

    /** Does that for the commit that is checked out there; tells whether anything had to come from afar. */
    boolean lay(String repository, Place place, Way way, Optional<Mirror> mirror)
            throws CheckoutException, IOException, InterruptedException {
        Map<LfsPointer, List<Path>> all = pointers(place, way);
        Map<LfsPointer, List<Path>> missing = new LinkedHashMap<>();
        Path arrived = place.directory().resolve(".git").resolve("flujo-lfs");
        for (Map.Entry<LfsPointer, List<Path>> file : all.entrySet()) {
            if (mirror.isPresent() && mirror.get().give(file.getKey(), arrived)) {
                replace(file.getValue(), arrived);
            } else {
                missing.put(file.getKey(), file.getValue());
            }
        }
        if (!missing.isEmpty()) {
            try (LfsSource source = source(repository, place, way)) {
                source.fetch(List.copyOf(missing.keySet()), arrived, pointer -> {
                    if (mirror.isPresent()) {
                        mirror.get().keep(pointer, arrived);
                    }
                    replace(missing.get(pointer), arrived);
                });
            }
        }
        if (!all.isEmpty()) {
            note(all.values().stream().flatMap(List::stream).toList(), place, way);
        }
        return !missing.isEmpty();
    }

    private LfsSource source(String repository, Place place, Way way) throws CheckoutException, IOException {
        return switch (way.transport()) {
            case "https" ->
                new LfsServer(repository, way.host().orElseThrow(), hosts, privateHosts, names, place.stopped());
            case "file" -> new LfsDirectory(Path.of(repository.substring("file://".length())));
            default ->
                throw new CheckoutException("Expected a repository by https for its large files, but " + repository
                        + " is one by " + way.transport() + "; name it by https, or leave `lfs` out");
        };
    }

    private Map<LfsPointer, List<Path>> pointers(Place place, Way way)
            throws CheckoutException, IOException, InterruptedException {
        Map<LfsPointer, List<Path>> all = new LinkedHashMap<>();
        Path workspace = place.directory().toRealPath();
        for (String path : git.said(place, way, "ls-files", "-z", "--", ":(attr:filter=lfs)")) {
            Path file = place.directory().resolve(path);
            Optional<LfsPointer> pointer = path.isEmpty() ? Optional.empty() : LfsPointer.in(file);
            if (pointer.isPresent() && file.getParent().toRealPath().startsWith(workspace)) {
                all.computeIfAbsent(pointer.get(), fresh -> new ArrayList<>()).add(file);
            }
        }
        return all;
    }

    /** Has git note them as what they are for it: the content of the pointers that the commit has. */
    private void note(List<Path> files, Place place, Way way)
            throws CheckoutException, IOException, InterruptedException {
        Path list = place.directory().resolve(".git").resolve("flujo-lfs-files");
        Files.writeString(
                list,
                files.stream()
                        .map(file -> place.directory().relativize(file).toString())
                        .collect(Collectors.joining("\0")));
        git.succeed(
                place,
                new Way(
                        way.transport(),
                        List.of("-c", "filter.lfs.clean=" + CLEAN, "-c", "filter.lfs.required=true"),
                        "",
                        Optional.empty()),
                "--literal-pathspecs",
                "add",
                "--pathspec-from-file=" + list,
                "--pathspec-file-nul");
        Files.delete(list);
    }

    private static void replace(List<Path> files, Path content) throws IOException {
        for (Path file : files) {
            Path copy = content.resolveSibling(content.getFileName() + ".copy");
            Files.copy(content, copy, StandardCopyOption.REPLACE_EXISTING);
            Files.setPosixFilePermissions(copy, Files.getPosixFilePermissions(file));
            Files.setLastModifiedTime(copy, FileTime.from(Instant.now().minus(BEFORE)));
            Files.move(copy, file, StandardCopyOption.ATOMIC_MOVE);
        }
        Files.delete(content);
    }
}
