package dev.flujo.runner.executor.process;

import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.file.Path;
import java.util.Map;

/** A runner, as a process of its own, that does nothing but have supervisors wait; it lives as long as its input. */
final class WaitingRunner {

    private WaitingRunner() {}

    public static void main(String[] arguments) throws IOException {
        ProcessExecutor executor = new ProcessExecutor(
                TestProcess.config(Map.of()),
                Path.of(arguments[0]),
                Integer.parseInt(arguments[1]),
                Path.of(arguments[0], "home"));
        try {
            while (System.in.read() >= 0) {
                // until the input ends
            }
        } finally {
            Reference.reachabilityFence(executor);
        }
    }
}
