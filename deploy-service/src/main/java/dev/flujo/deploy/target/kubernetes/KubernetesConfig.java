package dev.flujo.deploy.target.kubernetes;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Which clusters may be deployed to. */
@ConfigMapping(prefix = "flujo.kubernetes")
public interface KubernetesConfig {

    /** The cluster of deployments that name none; without settings of its own it is the one that this service runs in. */
    @WithDefault("default")
    String cluster();

    /** The clusters by the names that pipelines give them. */
    Map<String, Access> clusters();

    /** How long a cluster may be in trouble before a deployment is given back as not known to have been applied. */
    @WithDefault("2m")
    Duration outage();

    /** How a cluster is reached. */
    interface Access {

        /** A kubeconfig file; it is read again when it changes. */
        Path kubeconfig();

        /** The context in that file; its current one by default. */
        Optional<String> context();
    }
}
