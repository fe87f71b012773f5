package dev.flujo.deploy.target.kubernetes;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Which clusters may be deployed to. */
@ConfigMapping(prefix = "flujo.kubernetes")
public interface KubernetesConfig {

    /** Where the kubeconfig files are: a file's name is its cluster's, and it is read again when it changes. */
    Optional<Path> directory();

    /** The cluster of deployments that name none; without a file it is the one that this service runs in. */
    @WithDefault("default")
    String cluster();

    /** How long a cluster may be in trouble before a deployment is given back as not known to have been applied. */
    @WithDefault("2m")
    Duration outage();
}
