package dev.flujo.runner.executor.kubernetes;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** What the pods of jobs are like, where a runner executes with {@code kubernetes}. */
@ConfigMapping(prefix = "flujo.runner.kubernetes")
public interface KubernetesConfig {

    /** What jobs reach, by the network policies of the cluster, which go by a label of their pods. */
    enum Egress {
        NONE,
        ALLOW,
        OPEN
    }

    /** When a node fetches an image from its registry. */
    enum Pull {
        MISSING,
        ALWAYS,
        NEVER
    }

    /** The kubeconfig file with the API server and the account; those of the runner's own pod by default. */
    Optional<Path> kubeconfig();

    /** The namespace of the pods; that of the account by default. */
    Optional<String> namespace();

    /** The persistent volume claim on whose volume the runner's directory lies. */
    Optional<String> claim();

    /** Where on that volume the runner's directory lies; it is the volume's root by default. */
    Optional<Path> claimDirectory();

    /** The node that pods have to be on, as where one node at a time mounts the volume; any by default. */
    Optional<String> node();

    /** How long a pod may wait for a node, as where a cluster is made larger when pods wait; none has to wait by default. */
    @WithDefault("0s")
    Duration nodePatience();

    /** The image of jobs that name none. */
    @WithDefault("buildpack-deps:bookworm")
    String image();

    /** When images are pulled: {@code missing}, {@code always} or {@code never}. */
    @WithDefault("missing")
    Pull pull();

    /** The secret with the account at a registry, in the namespace of the pods; none by default. */
    Optional<String> pullSecret();

    /** Who jobs are, as {@code uid:gid}; the runner's own user by default, or 10001:10001 where that is root. */
    Optional<String> user();

    /**
     * What jobs reach: {@code open}, {@code none}, or with {@code allow} the proxy, as far as the cluster has policies that know the
     * label.
     */
    @WithDefault("open")
    Egress network();

    /** The proxy that jobs reach hosts by with {@code allow}, as {@code http://host:port}. */
    Optional<URI> proxy();

    /** The memory of a job that asks for none of its own. */
    @WithDefault("2g")
    MemorySize memory();

    /** The processors of a job that asks for none of its own; no limit by default. */
    Optional<BigDecimal> cpus();

    /** The runtime class of jobs; the cluster's default by default. */
    Optional<String> runtimeClass();

    /** The runtime class of jobs of strangers' commits, such as one of gVisor; that of other jobs by default. */
    Optional<String> untrustedRuntimeClass();
}
