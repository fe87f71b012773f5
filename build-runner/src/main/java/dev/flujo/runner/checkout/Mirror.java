package dev.flujo.runner.checkout;

import dev.flujo.kit.process.MarkedProcesses;
import dev.flujo.runner.DirectoryTree;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * What the runner has fetched of one repository: commits without their history, so that of the next one only what is new comes
 * from afar. Only the runner writes here. Workspaces get copies: nothing that a job does to its own reaches another's.
 */
final class Mirror {

    private static final Duration STEP = Duration.ofMillis(50);
    private static final int MOST_PACKS = 50;

    /** Where the content of large files lies, by its digest. */
    private static final String LARGE = "large";

    /** Fetches a commit into a repository, which it makes where there is none; false if that was refused. */
    interface Fetch {
        boolean into(Path mirror) throws CheckoutException, IOException, InterruptedException;
    }

    private final Path directory;
    private final ReentrantLock fetching = new ReentrantLock();
    private final ReadWriteLock presence = new ReentrantReadWriteLock();
    private boolean known;

    Mirror(Path directory) {
        this.directory = directory;
    }

    /** Copies what a commit needs into the {@code .git} of a workspace, fetched before if need be; false if that was refused. */
    boolean lay(String commit, Path git, Fetch fetch, BooleanSupplier stopped)
            throws CheckoutException, IOException, InterruptedException {
        while (!copied(commit, git)) {
            if (!fetched(commit, fetch, stopped)) {
                return false;
            }
        }
        return true;
    }

    /** Deletes it, unless something is being fetched for it. */
    void forget() throws IOException {
        if (!fetching.tryLock()) {
            return;
        }
        presence.writeLock().lock();
        try {
            if (Files.exists(directory)) {
                DirectoryTree.delete(directory);
            }
        } finally {
            presence.writeLock().unlock();
            fetching.unlock();
        }
    }

    /** Copies the content of a large file to a place; false where it is not known. */
    boolean give(LfsPointer pointer, Path to) throws IOException {
        presence.readLock().lock();
        try {
            Path known = large(pointer);
            if (!Files.exists(known) || Files.size(known) != pointer.bytes()) {
                return false;
            }
            Files.setLastModifiedTime(directory, FileTime.from(Instant.now()));
            Files.copy(known, to, StandardCopyOption.REPLACE_EXISTING);
            return true;
        } finally {
            presence.readLock().unlock();
        }
    }

    /** Keeps a copy of the content of a large file. */
    void keep(LfsPointer pointer, Path content) throws IOException {
        presence.readLock().lock();
        try {
            Path to = large(pointer);
            Path arriving = to.resolveSibling(UUID.randomUUID().toString());
            Files.createDirectories(to.getParent());
            Files.copy(content, arriving);
            Files.move(arriving, to, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            presence.readLock().unlock();
        }
    }

    private Path large(LfsPointer pointer) {
        return directory.resolve(LARGE).resolve(pointer.sha256());
    }

    /** How much there is of it. */
    long bytes() throws IOException {
        presence.readLock().lock();
        try {
            long sum = bytes(packs());
            Path large = directory.resolve(LARGE);
            if (Files.isDirectory(large)) {
                try (Stream<Path> files = Files.list(large)) {
                    sum += bytes(files.toList());
                }
            }
            return sum;
        } finally {
            presence.readLock().unlock();
        }
    }

    private static long bytes(List<Path> files) throws IOException {
        long sum = 0;
        for (Path file : files) {
            sum += Files.size(file);
        }
        return sum;
    }

    /** When it was used last; long ago where it is not there. */
    FileTime used() throws IOException {
        presence.readLock().lock();
        try {
            return Files.exists(directory) ? Files.getLastModifiedTime(directory) : FileTime.fromMillis(0);
        } finally {
            presence.readLock().unlock();
        }
    }

    private boolean copied(String commit, Path git) throws IOException {
        presence.readLock().lock();
        try {
            if (!Files.exists(note(commit))) {
                return false;
            }
            Files.setLastModifiedTime(directory, FileTime.from(Instant.now()));
            for (Path pack : packs()) {
                // A pack is used once its index is there, so that comes second.
                copy(pack, git);
                copy(index(pack), git);
            }
            if (lines(directory.resolve("shallow")).contains(commit)) {
                Files.writeString(git.resolve("shallow"), commit + "\n");
            }
            return true;
        } finally {
            presence.readLock().unlock();
        }
    }

    private boolean fetched(String commit, Fetch fetch, BooleanSupplier stopped)
            throws CheckoutException, IOException, InterruptedException {
        while (!fetching.tryLock(STEP.toMillis(), TimeUnit.MILLISECONDS)) {
            if (stopped.getAsBoolean()) {
                throw new CheckoutException("Expected git fetch to end, but the job was stopped");
            }
        }
        try {
            if (Files.exists(note(commit))) {
                return true;
            }
            prepare();
            if (!fetch.into(directory)) {
                return false;
            }
            Files.createDirectories(note(commit).getParent());
            Files.writeString(note(commit), "");
            return true;
        } finally {
            fetching.unlock();
        }
    }

    /** Begins anew where much was added to what there was, and removes what stops git after it was ended at work. */
    private void prepare() throws IOException {
        if (!known) {
            new MarkedProcesses(Git.MARK, directory.toString()).end(Duration.ZERO);
            known = true;
        }
        if (outgrown()) {
            forget();
        }
        Files.createDirectories(directory);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Mirror::leftBehind).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Every workspace gets all of it, so it may not become much more than one commit needs. */
    private boolean outgrown() throws IOException {
        List<Path> packs = packs();
        long largest = 0;
        for (Path pack : packs) {
            largest = Math.max(largest, Files.size(pack));
        }
        return packs.size() > MOST_PACKS || bytes(packs) - largest > largest / 2;
    }

    private static boolean leftBehind(Path file) {
        String name = file.getFileName().toString();
        return Files.isRegularFile(file) && (name.endsWith(".lock") || name.startsWith("tmp_"));
    }

    /** The packs that are whole. */
    private List<Path> packs() throws IOException {
        Path all = directory.resolve("objects/pack");
        if (!Files.isDirectory(all)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(all)) {
            return files.filter(file -> file.toString().endsWith(".pack") && Files.exists(index(file)))
                    .toList();
        }
    }

    private static Path index(Path pack) {
        return pack.resolveSibling(pack.getFileName().toString().replace(".pack", ".idx"));
    }

    private static void copy(Path file, Path git) throws IOException {
        Path to = git.resolve("objects/pack").resolve(file.getFileName());
        if (Files.exists(to)) {
            // Packs are named for what is in them.
            return;
        }
        try (FileChannel in = FileChannel.open(file);
                FileChannel out = FileChannel.open(to, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
            long size = in.size();
            for (long done = 0; done < size; ) {
                done += in.transferTo(done, size - done, out);
            }
        }
    }

    private static List<String> lines(Path file) throws IOException {
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    /** Says that the commit is there with all that it needs. */
    private Path note(String commit) {
        return directory.resolve("fetched").resolve(commit);
    }
}
