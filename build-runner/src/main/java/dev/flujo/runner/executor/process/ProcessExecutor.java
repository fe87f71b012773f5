package dev.flujo.runner.executor.process;

import dev.flujo.event.Work;
import dev.flujo.kit.process.MarkedProcesses;
import dev.flujo.runner.AttemptDirectory;
import dev.flujo.runner.executor.Execution;
import dev.flujo.runner.executor.JobExecutor;
import dev.flujo.runner.executor.JobPlace;
import dev.flujo.runner.executor.supervised.Scripts;
import dev.flujo.runner.executor.supervised.StepFiles;
import dev.flujo.runner.executor.supervised.SupervisedExecution;
import dev.flujo.runner.executor.supervised.SupervisorLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Steps as processes of this machine, under a supervisor that is a process of its own: for trusted code only, since all
 * jobs share the runner's user and kernel.
 */
public final class ProcessExecutor implements JobExecutor {

    private final Supervisors supervisors;
    private final Path home;

    /** Installs the scripts in the runner's directory, and has so many supervisors wait for work; all jobs share a home. */
    public ProcessExecutor(Path runnerDirectory, int ahead, Path home) throws IOException {
        this.supervisors = new Supervisors(
                Scripts.install(runnerDirectory.toAbsolutePath()).supervisor(), ahead);
        this.home = home;
        Files.createDirectories(home);
    }

    @Override
    public String isolation() {
        return "jobs run as processes of this machine's user: trusted code only";
    }

    @Override
    public JobPlace place(AttemptDirectory directory) {
        return JobPlace.here(directory, home);
    }

    @Override
    public Path home(AttemptDirectory directory) {
        return home;
    }

    @Override
    public Execution begin(AttemptDirectory directory, Work work, Map<String, String> environment) throws IOException {
        StepFiles.write(directory.steps(), work, environment);
        Supervisor supervisor = supervisors.take();
        return new SupervisedExecution(
                supervisor.processes()::end,
                supervisor.supervise(directory, work.job().steps().size()));
    }

    @Override
    public int waiting() {
        return supervisors.count();
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
        return new SupervisedExecution(tree::end, new SupervisorLines.OfFile(directory.events(), () -> !tree.living()
                .isEmpty()));
    }
}
