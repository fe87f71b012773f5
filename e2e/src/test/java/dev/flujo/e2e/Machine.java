package dev.flujo.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** The machine that the tests run on: the commands that it has, and what is to be done about those that it lacks. */
public final class Machine {

    /** With {@code -Dflujo.everything=true} a test that lacks something fails; without, it is skipped. CI sets it. */
    private static final String EVERYTHING = "flujo.everything";

    private Machine() {}

    /** What a command printed, and how it ended. */
    record Result(int code, String output) {}

    /** Skips the test unless the machine has what it needs, with one line that says what to do. */
    public static void needs(boolean there, String whatToDo) {
        if (there) {
            return;
        }
        if (Boolean.getBoolean(EVERYTHING)) {
            Assertions.fail(whatToDo);
        }
        System.out.println("Skipped: " + whatToDo);
        Assumptions.abort(whatToDo);
    }

    /** Whether the command is there and succeeds. */
    public static boolean can(String... command) {
        return attempt(List.of(command), Map.of(), new byte[0])
                .filter(result -> result.code() == 0)
                .isPresent();
    }

    /** What the command prints, on both its outputs. */
    public static String run(List<String> command, Map<String, String> environment, byte[] input) {
        Result result = attempt(command, environment, input)
                .orElseThrow(
                        () -> new AssertionError("Expected the command " + command.get(0) + ", but it is missing"));
        if (result.code() != 0) {
            throw new AssertionError("Expected '" + String.join(" ", command) + "' to succeed, but it ended with "
                    + result.code() + ":\n" + result.output());
        }
        return result.output();
    }

    /** Runs a command to its end; empty if there is no such command. */
    private static Optional<Result> attempt(List<String> command, Map<String, String> environment, byte[] input) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            return Optional.empty();
        }
        try (InputStream output = process.getInputStream()) {
            CompletableFuture<Void> fed = CompletableFuture.runAsync(() -> feed(process, input));
            String text = new String(output.readAllBytes(), StandardCharsets.UTF_8);
            fed.join();
            return Optional.of(new Result(process.waitFor(), text.strip()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void feed(Process process, byte[] input) {
        try (var stdin = process.getOutputStream()) {
            stdin.write(input);
        } catch (IOException e) {
            throw new UncheckedIOException("Expected " + process.info() + " to read its input", e);
        }
    }

    /** The directory of the checkout that is tested. */
    public static Path checkout() {
        return dev.flujo.stack.Checkout.find().root();
    }
}
