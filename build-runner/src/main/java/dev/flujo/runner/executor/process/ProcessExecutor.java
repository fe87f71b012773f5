package dev.flujo.runner.executor.process;

import dev.flujo.event.Work;
import dev.flujo.event.plan.Step;
import dev.flujo.kit.process.MarkedProcesses;
import dev.flujo.runner.AttemptDirectory;
import dev.flujo.runner.executor.Execution;
import dev.flujo.runner.executor.JobExecutor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Steps as processes of this machine, under a supervisor that is a process of its own: for trusted code only, since all
 * jobs share the runner's user and kernel.
 */
public final class ProcessExecutor implements JobExecutor {

    private static final String ATTEMPT = "FLUJO_ATTEMPT_ID";

    private final Supervisors supervisors;

    /** Installs the scripts in the runner's directory, and has so many supervisors wait for work. */
    public ProcessExecutor(Path runnerDirectory, int ahead) throws IOException {
        Path directory = runnerDirectory.toAbsolutePath();
        Files.createDirectories(directory);
        install("step.sh", directory);
        this.supervisors = new Supervisors(install("supervisor.sh", directory), ahead);
    }

    @Override
    public Execution begin(AttemptDirectory directory, Work work, Map<String, String> environment) throws IOException {
        List<Step> steps = work.job().steps();
        Map<String, String> whole = new LinkedHashMap<>(environment);
        whole.put(ATTEMPT, work.attempt().id());
        Files.writeString(directory.steps().resolve("env"), exports(whole));
        for (int i = 0; i < steps.size(); i++) {
            Files.writeString(directory.steps().resolve(i + ".sh"), steps.get(i).run());
            Files.writeString(
                    directory.steps().resolve(i + ".env"),
                    ". ../steps/env\n" + exports(steps.get(i).env()) + StepControl.place(steps.get(i), i));
        }
        String control = StepControl.of(steps);
        if (!control.isEmpty()) {
            Files.writeString(directory.steps().resolve("control"), control);
        }
        Supervisor supervisor = supervisors.take();
        return new SupervisedExecution(supervisor.processes(), supervisor.supervise(directory, steps.size()));
    }

    @Override
    public boolean begun(AttemptDirectory directory) throws IOException {
        if (Files.exists(directory.events())) {
            return true;
        }
        Optional<String> mark = directory.supervisor();
        return mark.isPresent() && !Supervisor.processes(mark.get()).living().isEmpty();
    }

    @Override
    public Execution takeUp(AttemptDirectory directory, Work work) throws IOException {
        MarkedProcesses tree = Supervisor.processes(directory
                .supervisor()
                .orElseThrow(() -> new IOException("nobody was told to supervise " + directory.path())));
        return new SupervisedExecution(tree, new SupervisorLines.OfFile(directory.events(), () -> !tree.living()
                .isEmpty()));
    }

    private static Path install(String script, Path directory) throws IOException {
        Path target = directory.resolve(script);
        Path fresh = Files.createTempFile(directory, script, ".tmp");
        try (InputStream text = ProcessExecutor.class.getResourceAsStream(script)) {
            Files.copy(text, fresh, StandardCopyOption.REPLACE_EXISTING);
        }
        return Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
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
