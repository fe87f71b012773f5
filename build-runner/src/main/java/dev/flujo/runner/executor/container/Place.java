package dev.flujo.runner.executor.container;

import dev.flujo.runner.AttemptDirectory;
import dev.flujo.runner.DirectoryTree;
import dev.flujo.runner.executor.JobPlace;
import dev.flujo.runner.executor.JobUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The directories that a container sees, made before it is known which attempt they will be of. A mount stays on its
 * directory wherever that is moved, so they become the attempt's by a change of name; each is a mount of its own, so nothing in
 * the container can put a link in its place.
 */
public record Place(Path path, JobUser user) {

    /** Where the directories are in the container. */
    public static final Path INSIDE = Path.of("/flujo");

    /** A directory of the container; what is the job's can be written by it. */
    public record Mount(Path outside, Path inside, boolean writable) {}

    private static final List<String> WRITABLE = List.of("workspace", "spool", "outputs", "home", "tmp");
    private static final List<String> READ = List.of("steps", "needs");
    private static final String CONTROL = "control";

    /** Makes the directories. */
    public static Place make(Path path, JobUser user) throws IOException {
        Place place = new Place(path, user);
        for (String name : WRITABLE) {
            user.own(Files.createDirectories(path.resolve(name)));
        }
        for (String name : READ) {
            Files.createDirectories(path.resolve(name));
        }
        Files.createDirectories(place.control());
        return place;
    }

    /** Where a job in a container finds its things. */
    public static JobPlace job() {
        return new JobPlace(
                INSIDE.resolve("workspace"),
                INSIDE.resolve("outputs"),
                INSIDE.resolve("needs"),
                Path.of("/tmp"),
                INSIDE.resolve("home"),
                false);
    }

    /** Where the container hears of its attempt; it can only read there. */
    public Path control() {
        return path.resolve(CONTROL);
    }

    public List<Mount> mounts() {
        List<Mount> mounts = new ArrayList<>();
        for (String name : WRITABLE) {
            Path inside = name.equals("tmp") ? Path.of("/tmp") : INSIDE.resolve(name);
            mounts.add(new Mount(path.resolve(name), inside, true));
        }
        for (String name : READ) {
            mounts.add(new Mount(path.resolve(name), INSIDE.resolve(name), false));
        }
        mounts.add(new Mount(control(), INSIDE.resolve(CONTROL), false));
        return mounts;
    }

    /** Makes the directories the attempt's, with what that has in its own. May be repeated with another place. */
    public void become(AttemptDirectory attempt) throws IOException {
        for (String name : WRITABLE) {
            become(attempt, name, true);
        }
        for (String name : READ) {
            become(attempt, name, false);
        }
    }

    public void delete() throws IOException {
        if (Files.exists(path)) {
            DirectoryTree.delete(path);
        }
    }

    private void become(AttemptDirectory attempt, String name, boolean given) throws IOException {
        Path ours = path.resolve(name);
        Path theirs = attempt.path().resolve(name);
        if (Files.exists(theirs, LinkOption.NOFOLLOW_LINKS)) {
            for (Path file : files(theirs)) {
                if (given) {
                    user.give(file);
                }
                Files.move(file, ours.resolve(file.getFileName()));
            }
            Files.delete(theirs);
        }
        Files.move(ours, theirs);
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }
}
