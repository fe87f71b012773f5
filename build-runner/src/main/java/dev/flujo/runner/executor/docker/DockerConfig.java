package dev.flujo.runner.executor.docker;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What the containers of jobs are like, where a runner executes with {@code docker}. */
@ConfigMapping(prefix = "flujo.runner.docker")
public interface DockerConfig {

    /** Whether jobs reach anything. */
    enum Egress {
        NONE,
        ALLOW,
        OPEN
    }

    /** When an image is fetched from its registry. */
    enum Pull {
        MISSING,
        ALWAYS,
        NEVER
    }

    /** Where the Engine API of Docker or Podman is reached. */
    @WithDefault("unix:///var/run/docker.sock")
    String host();

    /** The image of jobs that name none. */
    @WithDefault("buildpack-deps:bookworm")
    String image();

    /** When images are pulled: {@code missing}, {@code always} or {@code never}. */
    @WithDefault("missing")
    Pull pull();

    /** Who jobs are, as {@code uid:gid}; the runner's own user by default, or 10001:10001 where that is root. */
    Optional<String> user();

    /** What jobs reach beside their services: {@code none}, {@code allow} (hosts that are named) or {@code open}. */
    @WithDefault("open")
    Egress network();

    /** The hosts that jobs reach with {@code allow}, as {@code name}, {@code *.name} or {@code name:port}. */
    Optional<List<String>> allowed();

    /** The port at which jobs find the proxy that leads to them. */
    @WithDefault("3128")
    int proxyPort();

    /** The memory of a job that asks for none of its own; swap is not added. */
    @WithDefault("2g")
    MemorySize memory();

    /** The processors of a job that asks for none of its own; as many as there are by default. */
    Optional<BigDecimal> cpus();

    /** How many processes and threads a job may have. */
    @WithDefault("2048")
    long pids();

    /** How many containers of an image wait for work. */
    @WithDefault("1")
    int ahead();

    /** Of how many images, those used last, containers wait. */
    @WithDefault("3")
    int aheadImages();

    /** How many places in the network are held for containers that are started when somebody waits for them. */
    @WithDefault("1")
    int networksAhead();

    /** The engine's runtime that executes containers, such as {@code runsc}; its default one by default. */
    Optional<String> runtime();

    /** Where the engine finds the runner's directory, if the runner is in a container itself. */
    Optional<Path> engineDirectory();
}
