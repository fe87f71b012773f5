package dev.flujo.pipeline.webhook;

import dev.flujo.event.CommitEvent.PullRequestChanged;
import dev.flujo.pipeline.api.Inputs;
import dev.flujo.pipeline.forge.ForgeUser;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Webhooks as GitHub sends them. */
final class GithubFormat implements WebhookFormat {

    /** GitHub names the files of so many commits of a push; of longer ones nobody knows them all. */
    private static final int MOST_COMMITS = 20;

    private static final Set<String> ACTIONS =
            Set.of("opened", "synchronize", "reopened", "ready_for_review", "labeled", "unlabeled", "closed");

    private static final WantedFields PUSH = WantedFields.of(
            "ref",
            "after",
            "deleted",
            "created",
            "forced",
            "pusher.name",
            "commits.added",
            "commits.modified",
            "commits.removed",
            "head_commit.id",
            "head_commit.message",
            "head_commit.timestamp",
            "head_commit.author.name",
            "head_commit.author.username");
    private static final WantedFields PULL_REQUEST = WantedFields.of(
            "action",
            "number",
            "sender.login",
            "pull_request.number",
            "pull_request.title",
            "pull_request.draft",
            "pull_request.user.login",
            "pull_request.labels.name",
            "pull_request.head.ref",
            "pull_request.head.sha",
            "pull_request.head.repo.id",
            "pull_request.base.ref",
            "pull_request.base.sha",
            "pull_request.base.repo.id");

    private static final WantedFields COMMENT = WantedFields.of(
            "action",
            "issue.number",
            "issue.pull_request.url",
            "comment.body",
            "comment.created_at",
            "comment.user.login");

    @Override
    public String forge() {
        return "github";
    }

    @Override
    public String proven() {
        return "X-Hub-Signature-256 with the HMAC-SHA256 of the body by a secret known here";
    }

    @Override
    public Proof proof(Headers headers) {
        return Proof.named(headers, "X-Hub-Signature-256");
    }

    @Override
    public Optional<String> event(Headers headers) {
        return headers.get("X-GitHub-Event");
    }

    @Override
    public String deliveryHeader() {
        return "X-GitHub-Delivery";
    }

    @Override
    public boolean ping(String event) {
        return event.equals("ping");
    }

    @Override
    public Optional<WantedFields> wanted(String event) {
        return switch (event) {
            case "push" -> Optional.of(PUSH);
            case "pull_request" -> Optional.of(PULL_REQUEST);
            case "issue_comment" -> Optional.of(COMMENT);
            default -> Optional.empty();
        };
    }

    @Override
    public Heard hear(String event, Payload payload, Scene scene) {
        return switch (event) {
            case "push" -> push(payload, scene);
            case "issue_comment" -> comment(payload);
            default -> pullRequest(payload, scene);
        };
    }

    private static Heard comment(Payload payload) {
        Payload issue = payload.at("issue");
        Payload comment = payload.at("comment");
        if (!payload.text("action").equals("created")
                || !issue.at("pull_request").isThere()) {
            return Heard.OTHER_COMMENT;
        }
        String by = comment.at("user").text("login");
        return new Heard.Commented(new RequestComment(
                issue.number("number").orElse(0L),
                Optional.empty(),
                new ForgeUser(by, by),
                comment.text("body"),
                comment.time("created_at")));
    }

    private static Heard push(Payload payload, Scene scene) {
        String ref = payload.text("ref");
        String after = payload.text("after");
        Payload head = payload.at("head_commit");
        MovedRef moved = new MovedRef(
                ref,
                commit(ref, after, head).filter(commit -> !payload.yes("deleted")),
                head.optional("message"),
                author(head),
                head.time("timestamp"),
                paths(payload));
        String by = payload.at("pusher").optional("name").orElse("github");
        return Heard.of(moved.event(scene, by).stream().toList(), MovedRef.NOTHING_LEFT);
    }

    /** A tag may be an object of its own; what it stands for is the commit. */
    private static Optional<String> commit(String ref, String after, Payload head) {
        return ref.startsWith("refs/tags/") ? head.optional("id").or(() -> Optional.of(after)) : Optional.of(after);
    }

    private static Heard pullRequest(Payload payload, Scene scene) {
        String action = payload.text("action");
        if (!ACTIONS.contains(action)) {
            return new Heard.Ignored("pull requests that are " + Inputs.shown(action));
        }
        Payload request = payload.at("pull_request");
        Payload head = request.at("head");
        Payload base = request.at("base");
        Optional<Long> from = head.at("repo").number("id");
        return new Heard.Happened(new PullRequestChanged(
                scene.project(),
                request.number("number").or(() -> payload.number("number")).orElse(0L),
                action,
                request.optional("title").orElse(""),
                Inputs.branch(head.text("ref")),
                Inputs.branch(base.text("ref")),
                Inputs.commit(head.text("sha")),
                from.isEmpty() || !from.equals(base.at("repo").number("id")),
                request.yes("draft"),
                request.parts("labels").stream()
                        .flatMap(label -> label.optional("name").stream())
                        .toList(),
                request.at("user").optional("login").orElse(""),
                payload.at("sender").optional("login").orElse("github"),
                scene.now(),
                Optional.empty(),
                base.optional("sha").map(Inputs::commit)));
    }

    private static Optional<List<String>> paths(Payload payload) {
        List<Payload> commits = payload.parts("commits");
        boolean all = commits.size() < MOST_COMMITS && !payload.yes("forced") && !payload.yes("created");
        return all ? MovedRef.paths(commits) : Optional.empty();
    }

    /** The name of the user where GitHub knows one, as pull requests say it; else the name in the commit. */
    private static Optional<String> author(Payload head) {
        Payload author = head.at("author");
        return author.optional("username").or(() -> author.optional("name"));
    }
}
