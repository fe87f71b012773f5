package dev.flujo.runner.executor.process;

import dev.flujo.event.Work;
import dev.flujo.kit.process.MarkedProcesses;
import dev.flujo.runner.AttemptDirectory;
import dev.flujo.runner.executor.Execution;
import dev.flujo.runner.executor.JobExecutor;
import dev.flujo.runner.executor.JobPlace;
import dev.flujo.runner.executor.supervised.StepFiles;
import dev.flujo.runner.executor.supervised.SupervisedExecution;
import dev.flujo.runner.executor.supervised.SupervisorLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Steps as processes of this machine, under a supervisor that is a process of its own: apart from others as far as the machine
 * allows, but for trusted code only, since all jobs share the kernel.
 */
public final class ProcessExecutor implements JobExecutor {

    private final Jail jail;
    private final Supervisors supervisors;
    private final Path home;

    /** Installs the scripts in the runner's directory, and has so many supervisors wait for work; all jobs share a home. */
    public ProcessExecutor(ProcessConfig config, Path runnerDirectory, int ahead, Path home) throws IOException {
        this.home = home;
        Files.createDirectories(home);
        this.jail = Jail.find(config, runnerDirectory.toAbsolutePath());
        if (home.toAbsolutePath().startsWith(runnerDirectory.toAbsolutePath())) {
            jail.giveHome(home);
        }
        this.supervisors = new Supervisors(jail, ahead);
    }

    @Override
    public String isolation() {
        return jail.sandbox().line();
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
        jail.give(directory);
        Supervisor supervisor = supervisors.take();
        return new SupervisedExecution(
                patience -> end(supervisor.processes(), supervisor.mark(), patience),
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
        String mark = directory
                .supervisor()
                .orElseThrow(() -> new IOException("nobody was told to supervise " + directory.path()));
        MarkedProcesses tree = Supervisor.processes(mark);
        return new SupervisedExecution(
                patience -> end(tree, mark, patience),
                new SupervisorLines.OfFile(
                        directory.events(), () -> !tree.living().isEmpty()));
    }

    private void end(MarkedProcesses processes, String mark, Duration patience) {
        processes.end(patience);
        jail.forget(mark);
    }
}
