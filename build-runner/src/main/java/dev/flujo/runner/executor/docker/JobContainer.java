package dev.flujo.runner.executor.docker;

import dev.flujo.runner.AttemptDirectory;
import dev.flujo.runner.executor.container.Place;
import dev.flujo.runner.executor.supervised.SupervisorLines;
import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * A container that waits to be told its attempt. What it is told, and what it tells, goes through two pipes, past the engine.
 * It ends by itself when its runner does; once it was told, it goes on without.
 */
final class JobContainer {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration STEP = Duration.ofMillis(1);
    private static final String WAITS = "waits";

    private final String mark;
    private final Place place;
    private final RandomAccessFile words;
    private final BufferedReader lines;

    private JobContainer(String mark, Place place, RandomAccessFile words, BufferedReader lines) {
        this.mark = mark;
        this.place = place;
        this.words = words;
        this.lines = lines;
    }

    /** Starts one, and returns when it waits. */
    static JobContainer start(Engine engine, ContainerOrder order) throws IOException {
        Place place = order.place();
        Pipes pipes = Pipes.in(place.control());
        RandomAccessFile words = new RandomAccessFile(pipes.in().toFile(), "rw");
        try (RandomAccessFile both = new RandomAccessFile(pipes.out().toFile(), "rw")) {
            engine.start(order);
            await(engine, order, both);
            return new JobContainer(
                    order.mark(),
                    place,
                    words,
                    new BufferedReader(new InputStreamReader(
                            new FileInputStream(pipes.out().toFile()), StandardCharsets.UTF_8)));
        } catch (IOException | RuntimeException e) {
            words.close();
            throw e;
        }
    }

    String mark() {
        return mark;
    }

    /** Hands the attempt over: from now on it goes on without its runner. None if the container had ended before. */
    Optional<SupervisorLines> supervise(AttemptDirectory directory, int steps) throws IOException {
        directory.noteSupervisor(mark);
        place.become(directory);
        words.write((Place.INSIDE + "\n" + steps + "\n").getBytes(StandardCharsets.UTF_8));
        words.close();
        String begun = lines.readLine();
        return begun == null ? Optional.empty() : Optional.of(new SupervisorLines.OfPipe(lines, Optional.empty()));
    }

    /** Lets go of the pipes of one that was not told anything, so it ends. */
    void letGo() throws IOException {
        words.close();
        lines.close();
    }

    /** While the runner holds both ends of the pipe, reading would not end with the container. */
    private static void await(Engine engine, ContainerOrder order, RandomAccessFile pipe) throws IOException {
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        long look = System.nanoTime() + LOOK.toNanos();
        FileInputStream input = new FileInputStream(pipe.getFD());
        while (input.available() <= WAITS.length()) {
            long now = System.nanoTime();
            if (now > giveUp || (now > look && !engine.runs(order.name()))) {
                throw new IOException("Expected bash in a container of " + order.image()
                        + " to say that it waits, but it did not; see that the image has bash 5");
            }
            look = now > look ? now + LOOK.toNanos() : look;
            LockSupport.parkNanos(STEP.toNanos());
        }
        byte[] line = new byte[WAITS.length() + 1];
        int length = input.read(line);
        String said = new String(line, 0, length, StandardCharsets.UTF_8);
        if (!said.equals(WAITS + "\n")) {
            throw new IOException("Expected a container to say that it waits, but it said: " + said);
        }
    }
}
