package dev.flujo.runner;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a runner is and may do. */
@ConfigMapping(prefix = "flujo.runner")
public interface RunnerConfig {

    /** Where the runner keeps its identity, and everything about the attempts that it executes. */
    @WithDefault(".flujo/runner")
    Path directory();

    /** The pool whose work it takes. */
    @WithDefault("default")
    String pool();

    /** How many attempts it executes at once. */
    @WithDefault("4")
    int slots();

    /** What it can, for jobs that ask for it by these words; besides its system, its processor and its executor. */
    Optional<Set<String>> labels();

    /** What executes steps: {@code process}, {@code docker}, {@code kubernetes} or {@code dummy}. */
    @WithDefault("process")
    String executor();

    /** The home directory of jobs that are processes, where tools keep their caches; one of the runner's own by default. */
    Optional<Path> home();

    /** Directories below which {@code file://} repositories may be checked out; none by default. */
    Optional<List<Path>> localRepositories();

    /** Hosts of repositories that may have addresses of private networks; none by default. */
    Optional<Set<String>> privateHosts();

    /** Where files say who the runner is at hosts of repositories, and who vouches for those; none by default. */
    Optional<Path> repositoryHostsDirectory();

    /** How much of repositories it keeps, so that a later checkout fetches only what is new; with 0 nothing is kept. */
    @WithDefault("5G")
    MemorySize mirrorBytes();

    /** Where the secrets are that jobs get by name, as PROJECT/NAME; none by default. */
    Optional<Path> secretsDirectory();

    /** What jobs find again. */
    Cache cache();

    /** Caches of jobs. */
    interface Cache {

        /** The directory where caches lie, whether a bucket is named or not; by default they lie below the blobs. */
        Optional<Path> directory();

        /** How many bytes all together may have; those that were not used for the longest time go first. */
        @WithDefault("10737418240")
        long bytes();

        /** How many bytes one may have, packed or not. */
        @WithDefault("2147483648")
        long entryBytes();
    }

    /** How often the runner says that it lives. */
    @WithDefault("5s")
    Duration heartbeat();

    /** How long the processes of a stopped attempt have to end by themselves. */
    @WithDefault("5s")
    Duration stopPatience();

    /** How much has to be free on its disk for it to take more jobs. */
    @WithDefault("100M")
    MemorySize leastDisk();

    /**
     * How long jobs may still take when the runner is asked to end; those that take longer are handed back, to begin again
     * elsewhere. By default they go on without the runner, and its next life takes them up.
     */
    Optional<Duration> drain();

    /** How long the directory of an ended attempt is kept. */
    @WithDefault("1h")
    Duration keepAttempts();

    /** How many bytes of output are kept of one step; the rest is cut off, with a line that says so. */
    @WithDefault("2147483648")
    long logBytes();
}
