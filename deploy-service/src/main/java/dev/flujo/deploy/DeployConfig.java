package dev.flujo.deploy;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** What a deploy-service is and may do. */
@ConfigMapping(prefix = "flujo.deploy")
public interface DeployConfig {

    /** Where it keeps its identity, its deployments, and the environments of the local target. */
    @WithDefault(".flujo/deploy-service")
    Path directory();

    /** How many deployments it carries out at once; those that wait for a person count, too. */
    @WithDefault("32")
    int slots();

    /** How often it says that it lives. */
    @WithDefault("5s")
    Duration heartbeat();

    /** How long a replica that gets no new request any more may take at most to answer what it has begun. */
    @WithDefault("30s")
    Duration drain();

    /** How often it looks whether somebody else has changed what was applied. */
    @WithDefault("1m")
    Duration drift();

    /**
     * How many environments a project may have at once that end by themselves: those with a time to live, and those of pull
     * requests.
     */
    @WithDefault("10")
    int temporaryEnvironments();

    /** The file with the keys that secrets are sealed with, one a line; without one, a key is made and kept beside them. */
    Optional<Path> secretsKeyFile();

    /** How the proxy of the local target is reached. */
    Proxy proxy();

    /** The proxy in front of the local target. */
    interface Proxy {

        /** The address that environments listen at. */
        @WithDefault("127.0.0.1")
        String host();

        /** The name by which users reach that address; the address itself by default. */
        Optional<String> publicHost();

        /** The port of the first environment; each further one takes the next. */
        @WithDefault("8090")
        int ports();

        /** The class path of the proxy's process; that of this service by default. */
        Optional<String> classPath();
    }

    /** The Prometheus that analyses ask. */
    Prometheus prometheus();

    /** Where a Prometheus is. */
    interface Prometheus {

        /** Its address, such as {@code http://prometheus:9090}. */
        Optional<URI> url();
    }

    /** For tests of recovery: the step at which the process ends itself, as a crash would. */
    Optional<String> failpoint();
}
