package dev.flujo.pipeline.webhook;

import dev.flujo.event.CommitEvent.PullRequestChanged;
import dev.flujo.pipeline.api.Inputs;
import dev.flujo.pipeline.forge.ForgeUser;
import java.util.List;
import java.util.Optional;

/** Webhooks as GitLab sends them: with a token, or with a signature where the webhook has a signing token. */
final class GitlabFormat implements WebhookFormat {

    private static final String PUSH_HOOK = "Push Hook";
    private static final String TAG_HOOK = "Tag Push Hook";
    private static final String REQUEST_HOOK = "Merge Request Hook";
    private static final String NOTE_HOOK = "Note Hook";

    private static final WantedFields PUSH = WantedFields.of(
            "ref",
            "before",
            "after",
            "checkout_sha",
            "message",
            "user_username",
            "total_commits_count",
            "commits.id",
            "commits.message",
            "commits.timestamp",
            "commits.author.name",
            "commits.added",
            "commits.modified",
            "commits.removed");
    private static final WantedFields MERGE_REQUEST = WantedFields.of(
            "user.id",
            "user.username",
            "labels.title",
            "changes.labels.previous.title",
            "changes.labels.current.title",
            "changes.draft.current",
            "changes.draft.previous",
            "object_attributes.iid",
            "object_attributes.action",
            "object_attributes.oldrev",
            "object_attributes.title",
            "object_attributes.draft",
            "object_attributes.work_in_progress",
            "object_attributes.author_id",
            "object_attributes.source_branch",
            "object_attributes.target_branch",
            "object_attributes.source_project_id",
            "object_attributes.target_project_id",
            "object_attributes.last_commit.id",
            "object_attributes.last_commit.author.name");

    private static final WantedFields NOTE = WantedFields.of(
            "user.id",
            "user.username",
            "object_attributes.note",
            "object_attributes.action",
            "object_attributes.noteable_type",
            "merge_request.iid",
            "merge_request.last_commit.id");

    @Override
    public String forge() {
        return "gitlab";
    }

    @Override
    public String proven() {
        return "webhook-signature by a signing token known here and not older than five minutes, or X-Gitlab-Token with a"
                + " secret token known here";
    }

    /** Where there is a signature it counts, so that nobody can take a token instead. */
    @Override
    public Proof proof(Headers headers) {
        Optional<String> signatures = headers.get("webhook-signature");
        if (signatures.isPresent()) {
            return new Proof.TimedSignature(
                    headers.get("webhook-id").orElse(""),
                    headers.get("webhook-timestamp").orElse(""),
                    signatures.get());
        }
        return headers.get("X-Gitlab-Token").<Proof>map(Proof.Token::new).orElseGet(Proof.Missing::new);
    }

    @Override
    public Optional<String> event(Headers headers) {
        return headers.get("X-Gitlab-Event");
    }

    @Override
    public String deliveryHeader() {
        return "Idempotency-Key";
    }

    /** The signed id where there is one; it is the same as the other, which older versions do not send. */
    @Override
    public Optional<String> delivery(Headers headers) {
        return headers.get("webhook-id")
                .or(() -> headers.get(deliveryHeader()))
                .or(() -> headers.get("X-Gitlab-Event-UUID"));
    }

    @Override
    public boolean ping(String event) {
        return false;
    }

    @Override
    public Optional<WantedFields> wanted(String event) {
        return switch (event) {
            case PUSH_HOOK, TAG_HOOK -> Optional.of(PUSH);
            case REQUEST_HOOK -> Optional.of(MERGE_REQUEST);
            case NOTE_HOOK -> Optional.of(NOTE);
            default -> Optional.empty();
        };
    }

    @Override
    public Heard hear(String event, Payload payload, Scene scene) {
        return switch (event) {
            case REQUEST_HOOK -> mergeRequest(payload, scene);
            case NOTE_HOOK -> note(payload);
            default -> push(payload, scene);
        };
    }

    /** Older versions do not say that a note is new; they tell of no other ones. */
    private static Heard note(Payload payload) {
        Payload note = payload.at("object_attributes");
        boolean changed = note.optional("action")
                .filter(action -> !action.equals("create"))
                .isPresent();
        if (changed || !note.text("noteable_type").equals("MergeRequest")) {
            return Heard.OTHER_COMMENT;
        }
        Payload request = payload.at("merge_request");
        Payload user = payload.at("user");
        return new Heard.Commented(new RequestComment(
                request.number("iid").orElse(0L),
                Optional.of(Inputs.commit(request.at("last_commit").text("id"))),
                new ForgeUser(
                        user.text("username"), Long.toString(user.number("id").orElse(0L))),
                note.text("note"),
                Optional.empty()));
    }

    private static Heard push(Payload payload, Scene scene) {
        String after = payload.text("after");
        Optional<String> commit = after.matches("0+")
                ? Optional.empty()
                : payload.optional("checkout_sha").or(() -> Optional.of(after));
        List<Payload> commits = payload.parts("commits");
        Optional<Payload> head = commits.stream()
                .filter(each -> commit.equals(each.optional("id")))
                .findFirst();
        MovedRef moved = new MovedRef(
                payload.text("ref"),
                commit,
                head.flatMap(each -> each.optional("message")).or(() -> payload.optional("message")),
                head.flatMap(each -> each.at("author").optional("name")),
                head.flatMap(each -> each.time("timestamp")),
                paths(payload, commits));
        String by = payload.optional("user_username").orElse("gitlab");
        return Heard.of(moved.event(scene, by).stream().toList(), MovedRef.NOTHING_LEFT);
    }

    private static Optional<List<String>> paths(Payload payload, List<Payload> commits) {
        boolean created = payload.optional("before")
                .filter(before -> !before.matches("0+"))
                .isEmpty();
        boolean all = payload.number("total_commits_count").equals(Optional.of((long) commits.size()));
        return all && !created ? MovedRef.paths(commits) : Optional.empty();
    }

    private static Heard mergeRequest(Payload payload, Scene scene) {
        Payload request = payload.at("object_attributes");
        Optional<String> action = action(payload, request);
        if (action.isEmpty()) {
            return new Heard.Ignored("merge requests of which something else has changed");
        }
        Payload last = request.at("last_commit");
        Payload user = payload.at("user");
        Optional<String> by = user.optional("username");
        boolean own = user.number("id").isPresent() && user.number("id").equals(request.number("author_id"));
        Optional<Long> from = request.number("source_project_id");
        return new Heard.Happened(new PullRequestChanged(
                scene.project(),
                request.number("iid").orElse(0L),
                action.get(),
                request.optional("title").orElse(""),
                Inputs.branch(request.text("source_branch")),
                Inputs.branch(request.text("target_branch")),
                Inputs.commit(last.text("id")),
                from.isEmpty() || !from.equals(request.number("target_project_id")),
                request.yes("draft") || request.yes("work_in_progress"),
                payload.parts("labels").stream()
                        .flatMap(label -> label.optional("title").stream())
                        .toList(),
                by.filter(name -> own)
                        .or(() -> last.at("author").optional("name"))
                        .orElse(""),
                by.orElse("gitlab"),
                scene.now(),
                Optional.empty()));
    }

    /** What has happened, in the words that pipeline files have for it. */
    private static Optional<String> action(Payload payload, Payload request) {
        return switch (request.text("action")) {
            case "open" -> Optional.of("opened");
            case "reopen" -> Optional.of("reopened");
            case "close", "merge" -> Optional.of("closed");
            case "update" -> updated(payload, request);
            default -> Optional.empty();
        };
    }

    private static Optional<String> updated(Payload payload, Payload request) {
        if (request.optional("oldrev").isPresent()) {
            return Optional.of("synchronize");
        }
        Payload changes = payload.at("changes");
        Payload draft = changes.at("draft");
        if (draft.yes("previous") && !draft.yes("current")) {
            return Optional.of("ready_for_review");
        }
        Payload labels = changes.at("labels");
        if (!labels.isThere()) {
            return Optional.empty();
        }
        boolean more = labels.parts("current").size() > labels.parts("previous").size();
        return Optional.of(more ? "labeled" : "unlabeled");
    }
}
