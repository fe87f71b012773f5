package dev.flujo.runner.executor.process;

import dev.flujo.kit.process.MarkedProcesses;
import dev.flujo.runner.AttemptDirectory;
import dev.flujo.runner.executor.supervised.SupervisorLines;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A process that sees the steps of one attempt to their end. It is started before there is an attempt and then waits to be
 * told which, so that no attempt waits for its start. All processes of the attempt carry its mark, which it has from birth.
 */
final class Supervisor {

    /** The variable that names the supervisor to itself and everything that it begins. */
    private static final String MARK = "FLUJO_SUPERVISOR";

    private final String mark;
    private final Process process;
    private final MarkedProcesses processes;

    private Supervisor(String mark, Process process) {
        this.mark = mark;
        this.process = process;
        this.processes = processes(mark).begunBy(process.pid());
    }

    /** Starts one that waits. It ends by itself when its runner does. */
    static Supervisor start(Jail jail) throws IOException {
        String mark = UUID.randomUUID().toString();
        ProcessBuilder builder = new ProcessBuilder(jail.command()).redirectError(ProcessBuilder.Redirect.DISCARD);
        Map<String, String> environment = builder.environment();
        Optional<String> stack = Optional.ofNullable(environment.get("FLUJO_STACK"));
        environment.clear();
        environment.put("PATH", "/usr/local/bin:/usr/bin:/bin");
        environment.put(MARK, mark);
        environment.putAll(jail.prepare(mark));
        stack.ifPresent(name -> environment.put("FLUJO_STACK", name));
        return new Supervisor(mark, builder.start());
    }

    String mark() {
        return mark;
    }

    boolean waits() {
        return process.isAlive();
    }

    /** Hands the attempt over; from now on it goes on without its runner. */
    SupervisorLines supervise(AttemptDirectory directory, int steps) throws IOException {
        directory.noteSupervisor(mark);
        try (Writer words = process.outputWriter(StandardCharsets.UTF_8)) {
            words.write(directory.path().toAbsolutePath() + "\n" + steps + "\n");
        }
        return new SupervisorLines.OfPipe(process.inputReader(StandardCharsets.UTF_8), Optional.of(process));
    }

    /** All that it has begun, also once it has ended itself. */
    MarkedProcesses processes() {
        return processes;
    }

    /** The supervisor with this mark and all that it has begun. */
    static MarkedProcesses processes(String mark) {
        return new MarkedProcesses(MARK, mark);
    }
}
