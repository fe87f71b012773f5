package dev.flujo.pipeline.forge;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The forges of this Flujo, one of each kind. */
@ConfigMapping(prefix = "flujo.forges")
public interface ForgeConfig {

    /** GitHub, or GitHub Enterprise. */
    One github();

    /** GitLab. */
    One gitlab();

    /** Gitea. */
    One gitea();

    /** Forgejo. */
    One forgejo();

    /** Bitbucket Cloud. */
    One bitbucket();

    /** Bitbucket Data Center. */
    One bitbucketServer();

    /** What Flujo knows of one forge. Without repositories it is only listened to. */
    interface One {

        /** The file with the secrets of its webhooks; those of {@code flujo.webhook.secret-file} where there is none. */
        Optional<Path> webhookSecretFile();

        /** Where its API is; by default that of the service in the internet, where there is one. */
        Optional<URI> url();

        /** The file with the token for its API, in its first line. */
        Optional<Path> tokenFile();

        /** The files with the tokens of projects that have one of their own. */
        Map<String, Path> tokenFiles();

        /** Which repository each project is, as {@code project=owner/repository}. */
        Optional<List<String>> repositories();

        /** The people who may command by comments whatever the forge says of them. */
        Optional<List<String>> people();

        /** Whether it may be in a private network, and be spoken to without TLS. */
        @WithDefault("false")
        boolean privateNetwork();
    }
}
