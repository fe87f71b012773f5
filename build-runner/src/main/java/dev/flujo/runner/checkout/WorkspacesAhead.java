package dev.flujo.runner.checkout;

import dev.flujo.kit.process.MarkedProcesses;
import dev.flujo.runner.DirectoryTree;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Workspaces of repositories that were used lately, checked out before anybody asks for them, one at a time: for the job that
 * takes one only what differs has to be written. Nobody but git has been there before. They live as long as the runner.
 */
public final class WorkspacesAhead implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(WorkspacesAhead.class);
    /** The part of the disk that has to be free. */
    private static final long LEAST_PART = 10;

    private static final Duration TO_END = Duration.ofSeconds(10);

    /** Checks out into an empty directory; what git says goes to the output file. */
    interface Making {
        void in(Path directory, Path output) throws CheckoutException, IOException, InterruptedException;
    }

    private final Path root;
    private final int most;
    private final Map<String, Path> ready = new LinkedHashMap<>();
    private final ExecutorService maker;
    private long made;

    /** @param most how many repositories have one; with 0 none has */
    public WorkspacesAhead(Path root, int most) {
        this(root, most, Executors.newSingleThreadExecutor(work -> {
            Thread thread = new Thread(work, "workspaces-ahead");
            thread.setDaemon(true);
            return thread;
        }));
    }

    /** @param maker does one thing after the other */
    WorkspacesAhead(Path root, int most, ExecutorService maker) {
        this.root = root;
        this.most = most;
        this.maker = maker;
        maker.execute(this::removeLeftBehind);
    }

    /** Puts that of the repository in the place of an empty directory; false where there is none. */
    boolean take(String repository, Path workspace) {
        Optional<Path> taken;
        synchronized (ready) {
            taken = Optional.ofNullable(ready.remove(repository));
        }
        if (taken.isEmpty()) {
            return false;
        }
        try {
            Files.setPosixFilePermissions(taken.get(), Files.getPosixFilePermissions(workspace));
            Files.move(taken.get(), workspace, StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (IOException e) {
            LOG.warnf("the workspace of %s that was made ahead is of no use: %s", repository, e.getMessage());
            remove(taken.get());
            return false;
        }
    }

    /** Has one made for the repository, unless it has one then. If that fails, the next checkout takes longer. */
    void make(String repository, Making making) {
        if (most == 0) {
            return;
        }
        try {
            maker.execute(() -> makeNow(repository, making));
        } catch (RejectedExecutionException e) {
            LOG.debugf("the runner ends: %s", e.getMessage());
        }
    }

    /** Removes all that are there. */
    void clear() throws IOException {
        shrinkTo(0);
    }

    private void makeNow(String repository, Making making) {
        synchronized (ready) {
            if (ready.containsKey(repository)) {
                return;
            }
        }
        Path directory = root.resolve(Long.toString(made++));
        Path output = root.resolve(directory.getFileName() + ".output");
        try {
            if (!room(Files.createDirectories(root))) {
                return;
            }
            making.in(Files.createDirectory(directory), output);
            synchronized (ready) {
                ready.put(repository, directory);
            }
            shrinkTo(most);
        } catch (InterruptedException | ClosedByInterruptException e) {
            LOG.debugf("the runner ends while it makes a workspace ahead: %s", e.getMessage());
        } catch (CheckoutException e) {
            LOG.warnf("could not make a workspace of %s ahead: %s: %s", repository, e.getMessage(), words(output));
            remove(directory);
        } catch (IOException | RuntimeException e) {
            LOG.warnf("could not make a workspace of %s ahead: %s", repository, e.getMessage());
            remove(directory);
        } finally {
            remove(output);
        }
    }

    /** What is left of a disk is for jobs. */
    private static boolean room(Path directory) throws IOException {
        FileStore disk = Files.getFileStore(directory);
        return disk.getUsableSpace() > disk.getTotalSpace() / LEAST_PART;
    }

    private static String words(Path output) {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            return "git said nothing";
        }
    }

    /** Removes those that were made first. */
    private void shrinkTo(int count) throws IOException {
        while (true) {
            Path oldest;
            synchronized (ready) {
                if (ready.size() <= count) {
                    return;
                }
                oldest = ready.remove(ready.keySet().iterator().next());
            }
            DirectoryTree.delete(oldest);
        }
    }

    /** What an earlier life of the runner has made, and whoever is still at work on it. */
    private void removeLeftBehind() {
        if (!Files.isDirectory(root)) {
            return;
        }
        try (Stream<Path> directories = Files.list(root)) {
            for (Path directory : directories.toList()) {
                new MarkedProcesses(Git.MARK, directory.toString()).end(Duration.ZERO);
                remove(directory);
            }
        } catch (IOException e) {
            LOG.warnf("could not remove workspaces that were made ahead: %s", e.getMessage());
        }
    }

    private static void remove(Path directory) {
        try {
            if (Files.exists(directory)) {
                DirectoryTree.delete(directory);
            }
        } catch (IOException e) {
            LOG.warnf("could not remove a workspace that was made ahead: %s", e.getMessage());
        }
    }

    @Override
    public void close() {
        maker.shutdownNow();
        try {
            if (!maker.awaitTermination(TO_END.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warnf("a workspace is still being made ahead after %d s", TO_END.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
