package dev.flujo.runner.executor.process;

import dev.flujo.event.Work;
import dev.flujo.event.plan.Step;
import dev.flujo.kit.process.MarkedProcesses;
import dev.flujo.runner.AttemptDirectory;
import dev.flujo.runner.executor.Execution;
import dev.flujo.runner.executor.JobExecutor;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;

/**
 * Steps as processes of this machine, under a supervisor that is a process of its own: for trusted code only, since all
 * jobs share the runner's user and kernel.
 */
public final class ProcessExecutor implements JobExecutor {

    private final Path supervisor;

    /** Installs the supervisor's script in the runner's directory. */
    public ProcessExecutor(Path runnerDirectory) throws IOException {
        this.supervisor = runnerDirectory.resolve("supervisor.sh");
        Files.createDirectories(runnerDirectory);
        Path fresh = Files.createTempFile(runnerDirectory, "supervisor", ".tmp");
        try (InputStream script = ProcessExecutor.class.getResourceAsStream("supervisor.sh")) {
            Files.copy(script, fresh, StandardCopyOption.REPLACE_EXISTING);
        }
        Files.move(fresh, supervisor, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public Execution begin(AttemptDirectory directory, Work work, Map<String, String> environment) throws IOException {
        List<Step> steps = work.job().steps();
        for (int i = 0; i < steps.size(); i++) {
            Files.writeString(directory.steps().resolve(i + ".sh"), steps.get(i).run());
            Files.writeString(
                    directory.steps().resolve(i + ".env"), exports(steps.get(i).env()));
        }
        ProcessBuilder builder = new ProcessBuilder(
                        "setsid",
                        "bash",
                        supervisor.toAbsolutePath().toString(),
                        directory.path().toAbsolutePath().toString(),
                        Integer.toString(steps.size()))
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        directory.path().resolve("supervisor.log").toFile()));
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.environment().put(SupervisedExecution.MARK, work.attempt().id());
        Process process = builder.start();
        BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        return new SupervisedExecution(work.attempt().id(), new SupervisorLines.OfPipe(lines));
    }

    @Override
    public Execution takeUp(AttemptDirectory directory, Work work) {
        MarkedProcesses tree = SupervisedExecution.processes(work.attempt().id());
        return new SupervisedExecution(
                work.attempt().id(), new SupervisorLines.OfFile(directory.events(), () -> !tree.living()
                        .isEmpty()));
    }

    /** Assignments that a shell reads back as they are, whatever the values contain. */
    static String exports(Map<String, String> environment) {
        StringBuilder text = new StringBuilder();
        environment.forEach((name, value) -> text.append("export ")
                .append(name)
                .append("='")
                .append(value.replace("'", "'\\''"))
                .append("'\n"));
        return text.toString();
    }
}
