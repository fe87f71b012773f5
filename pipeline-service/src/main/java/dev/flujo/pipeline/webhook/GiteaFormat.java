package dev.flujo.pipeline.webhook;

import dev.flujo.event.CommitEvent.PullRequestChanged;
import dev.flujo.pipeline.api.Inputs;
import dev.flujo.pipeline.forge.ForgeUser;
import java.util.List;
import java.util.Optional;

/** Webhooks as Gitea sends them, and Forgejo, which says the same under headers of its own. */
final class GiteaFormat implements WebhookFormat {

    private static final WantedFields PUSH = WantedFields.of(
            "ref",
            "before",
            "after",
            "total_commits",
            "pusher.login",
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
            "pull_request.title",
            "pull_request.draft",
            "pull_request.user.login",
            "pull_request.labels.name",
            "pull_request.head.ref",
            "pull_request.head.sha",
            "pull_request.head.repo_id",
            "pull_request.base.ref",
            "pull_request.base.sha",
            "pull_request.base.repo_id");

    private static final WantedFields COMMENT = WantedFields.of(
            "action",
            "is_pull",
            "issue.number",
            "issue.pull_request.merged",
            "comment.body",
            "comment.created_at",
            "comment.user.login");

    private final String forge;
    private final String prefix;

    private GiteaFormat(String forge, String prefix) {
        this.forge = forge;
        this.prefix = prefix;
    }

    static GiteaFormat gitea() {
        return new GiteaFormat("gitea", "X-Gitea-");
    }

    static GiteaFormat forgejo() {
        return new GiteaFormat("forgejo", "X-Forgejo-");
    }

    @Override
    public String forge() {
        return forge;
    }

    @Override
    public String proven() {
        return prefix + "Signature with the HMAC-SHA256 of the body by a secret known here";
    }

    @Override
    public Proof proof(Headers headers) {
        return headers.get(prefix + "Signature")
                .<Proof>map(Proof.Signature::new)
                .orElseGet(Proof.Missing::new);
    }

    @Override
    public Optional<String> event(Headers headers) {
        return headers.get(prefix + "Event");
    }

    @Override
    public String deliveryHeader() {
        return prefix + "Delivery";
    }

    @Override
    public boolean ping(String event) {
        return false;
    }

    @Override
    public Optional<WantedFields> wanted(String event) {
        return switch (event) {
            case "push" -> Optional.of(PUSH);
            case "pull_request", "pull_request_sync", "pull_request_label" -> Optional.of(PULL_REQUEST);
            case "issue_comment", "pull_request_comment" -> Optional.of(COMMENT);
            default -> Optional.empty();
        };
    }

    @Override
    public Heard hear(String event, Payload payload, Scene scene) {
        return switch (event) {
            case "push" -> push(payload, scene);
            case "issue_comment", "pull_request_comment" -> comment(payload);
            default -> pullRequest(payload, scene);
        };
    }

    private static Heard comment(Payload payload) {
        Payload issue = payload.at("issue");
        Payload comment = payload.at("comment");
        boolean onRequest = payload.yes("is_pull") || issue.at("pull_request").isThere();
        if (!payload.text("action").equals("created") || !onRequest) {
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

    private Heard push(Payload payload, Scene scene) {
        String ref = payload.text("ref");
        String after = payload.text("after");
        Payload head = payload.at("head_commit");
        Payload author = head.at("author");
        boolean gone = after.matches("0+");
        MovedRef moved = new MovedRef(
                ref,
                gone ? Optional.empty() : head.optional("id").or(() -> Optional.of(after)),
                head.optional("message"),
                author.optional("username").filter(name -> !name.isEmpty()).or(() -> author.optional("name")),
                head.time("timestamp"),
                paths(payload));
        String by = payload.at("pusher").optional("login").orElse(forge);
        return Heard.of(moved.event(scene, by).stream().toList(), MovedRef.NOTHING_LEFT);
    }

    private static Optional<List<String>> paths(Payload payload) {
        List<Payload> commits = payload.parts("commits");
        boolean created = payload.optional("before")
                .filter(before -> !before.matches("0+"))
                .isEmpty();
        boolean all = payload.number("total_commits").equals(Optional.of((long) commits.size()));
        return all && !created ? MovedRef.paths(commits) : Optional.empty();
    }

    private Heard pullRequest(Payload payload, Scene scene) {
        String said = payload.text("action");
        Optional<String> action = action(said);
        if (action.isEmpty()) {
            return new Heard.Ignored("pull requests that are " + Inputs.shown(said));
        }
        Payload request = payload.at("pull_request");
        Payload head = request.at("head");
        Payload base = request.at("base");
        Optional<Long> from = head.number("repo_id");
        return new Heard.Happened(new PullRequestChanged(
                scene.project(),
                payload.number("number").orElse(0L),
                action.get(),
                request.optional("title").orElse(""),
                Inputs.branch(head.text("ref")),
                Inputs.branch(base.text("ref")),
                Inputs.commit(head.text("sha")),
                from.isEmpty() || !from.equals(base.number("repo_id")),
                request.yes("draft"),
                request.parts("labels").stream()
                        .flatMap(label -> label.optional("name").stream())
                        .toList(),
                request.at("user").optional("login").orElse(""),
                payload.at("sender").optional("login").orElse(forge),
                scene.now(),
                Optional.empty(),
                base.optional("sha").map(Inputs::commit)));
    }

    /** What has happened, in the words that pipeline files have for it. */
    private static Optional<String> action(String said) {
        return switch (said) {
            case "opened", "reopened", "closed" -> Optional.of(said);
            case "synchronized" -> Optional.of("synchronize");
            case "label_updated" -> Optional.of("labeled");
            case "label_cleared" -> Optional.of("unlabeled");
            default -> Optional.empty();
        };
    }
}
