package dev.flujo.pipeline.webhook;

import dev.flujo.event.CommitEvent;
import dev.flujo.event.CommitEvent.PullRequestChanged;
import dev.flujo.pipeline.api.Inputs;
import dev.flujo.pipeline.forge.ForgeUser;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Webhooks as Bitbucket Data Center sends them. */
final class BitbucketServerFormat implements WebhookFormat {

    private static final String COMMENTED = "pr:comment:added";

    private static final WantedFields PUSH = WantedFields.of(
            "actor.name",
            "changes.ref.id",
            "changes.toHash",
            "changes.type",
            "toCommit.id",
            "toCommit.message",
            "toCommit.author.name",
            "toCommit.authorTimestamp");
    private static final WantedFields PULL_REQUEST = WantedFields.of(
            "actor.name",
            "pullRequest.id",
            "pullRequest.title",
            "pullRequest.draft",
            "pullRequest.author.user.name",
            "pullRequest.fromRef.displayId",
            "pullRequest.fromRef.latestCommit",
            "pullRequest.fromRef.repository.id",
            "pullRequest.toRef.displayId",
            "pullRequest.toRef.latestCommit",
            "pullRequest.toRef.repository.id");

    private static final WantedFields COMMENT =
            WantedFields.of("actor.name", "comment.text", "pullRequest.id", "pullRequest.fromRef.latestCommit");

    @Override
    public String forge() {
        return "bitbucket-server";
    }

    @Override
    public String proven() {
        return "X-Hub-Signature with the HMAC-SHA256 of the body by a secret known here";
    }

    @Override
    public Proof proof(Headers headers) {
        return Proof.named(headers, "X-Hub-Signature");
    }

    @Override
    public Optional<String> event(Headers headers) {
        return headers.get("X-Event-Key");
    }

    @Override
    public String deliveryHeader() {
        return "X-Request-Id";
    }

    @Override
    public boolean ping(String event) {
        return event.equals("diagnostics:ping");
    }

    @Override
    public Optional<WantedFields> wanted(String event) {
        if (event.equals("repo:refs_changed")) {
            return Optional.of(PUSH);
        }
        if (event.equals(COMMENTED)) {
            return Optional.of(COMMENT);
        }
        return action(event).map(action -> PULL_REQUEST);
    }

    @Override
    public Heard hear(String event, Payload payload, Scene scene) {
        return switch (event) {
            case "repo:refs_changed" -> push(payload, scene);
            case COMMENTED -> comment(payload);
            default -> pullRequest(action(event).orElseThrow(), payload, scene);
        };
    }

    private static Heard comment(Payload payload) {
        Payload request = payload.at("pullRequest");
        String by = payload.at("actor").text("name");
        return new Heard.Commented(new RequestComment(
                request.number("id").orElse(0L),
                Optional.of(Inputs.commit(request.at("fromRef").text("latestCommit"))),
                new ForgeUser(by, by),
                payload.at("comment").text("text"),
                Optional.empty()));
    }

    private static Heard push(Payload payload, Scene scene) {
        String by = payload.at("actor").optional("name").orElse("bitbucket-server");
        List<CommitEvent> events = new ArrayList<>();
        for (Payload change : payload.parts("changes")) {
            moved(change, payload.at("toCommit")).event(scene, by).ifPresent(events::add);
        }
        return Heard.of(events, MovedRef.NOTHING_LEFT);
    }

    /** Newer versions say what the pushed commit is, where there is one only. */
    private static MovedRef moved(Payload change, Payload known) {
        String commit = change.text("toHash");
        Optional<Payload> head =
                Optional.of(known).filter(each -> each.optional("id").equals(Optional.of(commit)));
        return new MovedRef(
                change.at("ref").text("id"),
                Optional.of(commit).filter(each -> !change.optional("type").equals(Optional.of("DELETE"))),
                head.flatMap(each -> each.optional("message")),
                head.flatMap(each -> each.at("author").optional("name")),
                head.flatMap(each -> each.number("authorTimestamp")).map(Instant::ofEpochMilli),
                Optional.empty());
    }

    private static Heard pullRequest(String action, Payload payload, Scene scene) {
        Payload request = payload.at("pullRequest");
        Payload from = request.at("fromRef");
        Payload to = request.at("toRef");
        Optional<Long> repository = from.at("repository").number("id");
        return new Heard.Happened(new PullRequestChanged(
                scene.project(),
                request.number("id").orElse(0L),
                action,
                request.optional("title").orElse(""),
                Inputs.branch(from.text("displayId")),
                Inputs.branch(to.text("displayId")),
                Inputs.commit(from.text("latestCommit")),
                repository.isEmpty() || !repository.equals(to.at("repository").number("id")),
                request.yes("draft"),
                List.of(),
                request.at("author").at("user").optional("name").orElse(""),
                payload.at("actor").optional("name").orElse("bitbucket-server"),
                scene.now(),
                Optional.empty(),
                to.optional("latestCommit").map(Inputs::commit)));
    }

    /** What has happened, in the words that pipeline files have for it. */
    private static Optional<String> action(String event) {
        return switch (event) {
            case "pr:opened" -> Optional.of("opened");
            case "pr:from_ref_updated" -> Optional.of("synchronize");
            case "pr:merged", "pr:declined", "pr:deleted" -> Optional.of("closed");
            default -> Optional.empty();
        };
    }
}
