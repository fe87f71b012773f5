package dev.flujo.runner.executor.process;

import dev.flujo.runner.AttemptDirectory;
import dev.flujo.runner.executor.JobUser;
import dev.flujo.runner.executor.supervised.Scripts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How the supervisors of a runner are begun: in what, as whom, and with what limits. */
record Jail(Scripts scripts, Sandbox sandbox, Optional<JobUser> user, Optional<ControlGroups> groups) {

    private static final String USER = "flujo.runner.process.user";

    /** What this machine allows of what is configured, for a runner with this directory. */
    static Jail find(ProcessConfig config, Path directory) throws IOException {
        Scripts scripts = Scripts.install(directory);
        Optional<JobUser> user =
                config.user().isEmpty() ? Optional.empty() : Optional.of(JobUser.of(USER, config.user(), directory));
        Optional<ControlGroups> groups =
                ControlGroups.find(config, "flujo-" + Integer.toHexString(directory.hashCode()) + "-");
        groups.ifPresent(ControlGroups::removeEmpty);
        try {
            return new Jail(
                    scripts, Sandbox.find(config, user.filter(JobUser::other), scripts.supervisor()), user, groups);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Expected to find out what jobs can be executed in, but the runner is stopped", e);
        }
    }

    /** The command of a supervisor. */
    List<String> command() {
        List<String> command = new ArrayList<>(List.of("setsid"));
        groups.ifPresent(some -> command.addAll(some.words()));
        command.addAll(sandbox.words());
        command.add("bash");
        command.add((sandbox.apart() ? scripts.init() : scripts.supervisor()).toString());
        return command;
    }

    /** Makes what the supervisor with this mark is put in, and gives what it has to know of that. */
    Map<String, String> prepare(String mark) throws IOException {
        if (groups.isEmpty()) {
            return Map.of();
        }
        groups.get().make(mark);
        return groups.get().environment(mark);
    }

    /** Gives the files of an attempt to the user of jobs, and nobody else's. */
    void give(AttemptDirectory attempt) throws IOException {
        if (user.isEmpty() || !user.get().other()) {
            return;
        }
        for (Path directory : List.of(
                attempt.workspace(),
                attempt.outputs(),
                attempt.temporary(),
                attempt.needs(),
                attempt.steps(),
                attempt.spool())) {
            if (Files.exists(directory)) {
                user.get().give(directory);
                Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
            }
        }
        Files.setPosixFilePermissions(attempt.path(), PosixFilePermissions.fromString("rwx--x--x"));
    }

    /** Gives a home directory to the user of jobs, with what an earlier one has left there. */
    void giveHome(Path home) throws IOException {
        if (user.isPresent()
                && (int) Files.getAttribute(home, "unix:uid") != user.get().uid()) {
            user.get().give(home);
        }
    }

    /** Nothing of the supervisor with this mark is executed any more. */
    void forget(String mark) {
        groups.ifPresent(some -> some.remove(mark));
    }
}
