package dev.flujo.pipeline.webhook;

import java.util.List;
import java.util.Optional;

/** The forges whose webhooks are understood. */
final class WebhookFormats {

    static final List<WebhookFormat> ALL = List.of(
            new GithubFormat(),
            new GitlabFormat(),
            GiteaFormat.gitea(),
            GiteaFormat.forgejo(),
            new BitbucketFormat(),
            new BitbucketServerFormat());

    private WebhookFormats() {}

    static Optional<WebhookFormat> of(String forge) {
        return ALL.stream().filter(format -> format.forge().equals(forge)).findFirst();
    }
}
