package dev.flujo.e2e;

import dev.flujo.stack.ServerProcess;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** Lets processes stand still: they do nothing until they are told to go on, and do not know that they did nothing. */
final class Freezer {

    private Freezer() {}

    static void freeze(ServerProcess process, Duration duration) {
        signal("STOP", process);
        LockSupport.parkNanos(duration.toNanos());
        signal("CONT", process);
    }

    private static void signal(String signal, ServerProcess process) {
        long pid = process.process().orElseThrow().pid();
        Machine.run(List.of("kill", "-" + signal, Long.toString(pid)), Map.of(), new byte[0]);
    }
}
