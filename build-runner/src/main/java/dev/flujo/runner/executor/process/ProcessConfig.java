package dev.flujo.runner.executor.process;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/** What keeps jobs apart from the machine and from each other, where a runner executes with {@code process}. */
@ConfigMapping(prefix = "flujo.runner.process")
public interface ProcessConfig {

    /** How much of that is wanted. */
    enum Isolation {
        /** As much as this machine allows. */
        BEST,
        /** Nothing: jobs see all processes of the machine, and may become another user. */
        NONE
    }

    /** Whether jobs reach anything. */
    enum Network {
        NONE,
        OPEN
    }

    /** Whether jobs have processes, mounts and System V objects of their own: {@code best} or {@code none}. */
    @WithDefault("best")
    Isolation isolation();

    /** What jobs reach: {@code open} is what the machine does, {@code none} not even what listens on this machine. */
    @WithDefault("open")
    Network network();

    /** Who jobs are, as {@code uid:gid}, where the runner is root; the runner's own user by default. */
    Optional<String> user();

    /** The memory of a job, where control groups can be made; no limit by default. */
    Optional<MemorySize> memory();

    /** How many processes and threads a job may have, where control groups can be made; no limit by default. */
    OptionalLong pids();

    /** The control group of version 2 below which those of jobs may be made; the runner's own by default. */
    Optional<Path> cgroup();

    /** How many files each process of a job may have open; as many as one of the runner's by default. */
    OptionalLong files();
}
