package dev.flujo.pipeline.webhook;

import dev.flujo.event.CommitEvent;
import dev.flujo.event.CommitEvent.PullRequestChanged;
import dev.flujo.pipeline.api.Inputs;
import dev.flujo.pipeline.forge.ForgeUser;
import dev.flujo.pipeline.source.GitNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Webhooks as Bitbucket Cloud sends them. */
final class BitbucketFormat implements WebhookFormat {

    private static final String COMMENTED = "pullrequest:comment_created";

    private static final WantedFields PUSH = WantedFields.of(
            "actor.nickname",
            "push.changes.new.type",
            "push.changes.new.name",
            "push.changes.new.target.hash",
            "push.changes.new.target.message",
            "push.changes.new.target.date",
            "push.changes.new.target.author.user.nickname",
            "push.changes.new.target.author.raw");
    private static final WantedFields PULL_REQUEST = WantedFields.of(
            "actor.nickname",
            "pullrequest.id",
            "pullrequest.title",
            "pullrequest.draft",
            "pullrequest.author.nickname",
            "pullrequest.source.branch.name",
            "pullrequest.source.commit.hash",
            "pullrequest.source.repository.uuid",
            "pullrequest.destination.branch.name",
            "pullrequest.destination.commit.hash",
            "pullrequest.destination.repository.uuid");

    private static final WantedFields COMMENT = WantedFields.of(
            "actor.nickname",
            "actor.uuid",
            "comment.content.raw",
            "comment.created_on",
            "pullrequest.id",
            "pullrequest.source.commit.hash");

    @Override
    public String forge() {
        return "bitbucket";
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
        return "X-Request-UUID";
    }

    @Override
    public boolean ping(String event) {
        return false;
    }

    @Override
    public Optional<WantedFields> wanted(String event) {
        if (event.equals("repo:push")) {
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
            case "repo:push" -> push(payload, scene);
            case COMMENTED -> comment(payload, scene);
            default -> pullRequest(action(event).orElseThrow(), payload, scene);
        };
    }

    private static Heard comment(Payload payload, Scene scene) {
        Payload request = payload.at("pullrequest");
        Payload comment = payload.at("comment");
        Payload actor = payload.at("actor");
        return new Heard.Commented(new RequestComment(
                request.number("id").orElse(0L),
                Optional.of(whole(request.at("source"), scene)),
                new ForgeUser(actor.text("nickname"), actor.text("uuid")),
                comment.at("content").text("raw"),
                comment.time("created_on")));
    }

    /** Bitbucket only says how a request's commit begins. */
    private static String whole(Payload source, Scene scene) {
        String said = source.at("commit").text("hash");
        return Inputs.commit(GitNames.isCommit(said) ? said : scene.whole().apply(said));
    }

    private static Heard push(Payload payload, Scene scene) {
        String by = payload.at("actor").optional("nickname").orElse("bitbucket");
        List<CommitEvent> events = new ArrayList<>();
        for (Payload change : payload.at("push").parts("changes")) {
            Payload now = change.at("new");
            if (now.isThere()) {
                moved(now).event(scene, by).ifPresent(events::add);
            }
        }
        return Heard.of(events, MovedRef.NOTHING_LEFT);
    }

    private static MovedRef moved(Payload now) {
        Payload target = now.at("target");
        Payload author = target.at("author");
        String folder = now.text("type").equals("branch") ? "refs/heads/" : "refs/tags/";
        return new MovedRef(
                folder + now.text("name"),
                Optional.of(target.text("hash")),
                target.optional("message"),
                author.at("user").optional("nickname").or(() -> author.optional("raw")),
                target.time("date"),
                Optional.empty());
    }

    private static Heard pullRequest(String action, Payload payload, Scene scene) {
        Payload request = payload.at("pullrequest");
        Payload source = request.at("source");
        Payload destination = request.at("destination");
        Optional<String> from = source.at("repository").optional("uuid");
        String commit = whole(source, scene);
        long number = request.number("id").orElse(0L);
        PullRequestChanged changed = new PullRequestChanged(
                scene.project(),
                number,
                action,
                request.optional("title").orElse(""),
                Inputs.branch(source.at("branch").text("name")),
                Inputs.branch(destination.at("branch").text("name")),
                commit,
                from.isEmpty() || !from.equals(destination.at("repository").optional("uuid")),
                request.yes("draft"),
                List.of(),
                request.at("author").optional("nickname").orElse(""),
                payload.at("actor").optional("nickname").orElse("bitbucket"),
                scene.now(),
                Optional.empty(),
                destination.at("commit").optional("hash").filter(GitNames::isCommit));
        // A new title is told of as a new commit is: it is another change only with another commit.
        return new Heard.Happened(
                List.of(changed),
                action.equals("closed") ? Optional.empty() : Optional.of("request " + number + " at " + commit));
    }

    /** What has happened, in the words that pipeline files have for it. */
    private static Optional<String> action(String event) {
        return switch (event) {
            case "pullrequest:created" -> Optional.of("opened");
            case "pullrequest:updated" -> Optional.of("synchronize");
            case "pullrequest:fulfilled", "pullrequest:rejected" -> Optional.of("closed");
            default -> Optional.empty();
        };
    }
}
