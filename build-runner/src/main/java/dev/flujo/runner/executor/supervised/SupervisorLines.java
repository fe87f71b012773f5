package dev.flujo.runner.executor.supervised;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** What a supervisor says, line by line, as it comes. */
public sealed interface SupervisorLines {

    /** The next line; none when no more will come. */
    Optional<String> next() throws IOException, InterruptedException;

    /**
     * Waits until a supervisor that has nothing left to say is gone, where that can be seen: what lives of the attempt then
     * was left behind by a step.
     */
    void awaitEnd() throws IOException, InterruptedException;

    /**
     * From the pipe of a supervisor that this runner has started: each line is there at once.
     *
     * @param supervisor its process, where it is one of this machine; it closes the pipe a moment before it is gone
     */
    record OfPipe(BufferedReader reader, Optional<Process> supervisor) implements SupervisorLines {

        private static final Duration MOMENT = Duration.ofMillis(100);

        @Override
        public Optional<String> next() throws IOException {
            return Optional.ofNullable(reader.readLine());
        }

        @Override
        public void awaitEnd() throws IOException, InterruptedException {
            String more = reader.readLine();
            if (more != null) {
                throw new IOException("Expected the supervisor to end, but it said: " + more);
            }
            if (supervisor.isPresent()) {
                supervisor.get().waitFor(MOMENT.toMillis(), TimeUnit.MILLISECONDS);
            }
        }
    }

    /** From the file of a supervisor that an earlier life of this runner has started. */
    final class OfFile implements SupervisorLines {

        private static final Duration STEP = Duration.ofMillis(50);

        private final Path file;
        private final BooleanSupplier alive;
        private int read;

        public OfFile(Path file, BooleanSupplier alive) {
            this.file = file;
            this.alive = alive;
        }

        @Override
        public Optional<String> next() throws IOException, InterruptedException {
            while (true) {
                boolean lives = alive.getAsBoolean();
                Optional<String> line = line();
                if (line.isPresent() || !lives) {
                    return line;
                }
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                LockSupport.parkNanos(STEP.toNanos());
            }
        }

        @Override
        public void awaitEnd() {
            // Its file stays when it goes.
        }

        /** The next whole line of the file. */
        private Optional<String> line() throws IOException {
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                return Optional.empty();
            }
            String text = Files.readString(file, StandardCharsets.UTF_8);
            int end = text.indexOf('\n', read);
            if (end < 0) {
                return Optional.empty();
            }
            String line = text.substring(read, end);
            read = end + 1;
            return Optional.of(line);
        }
    }
}
