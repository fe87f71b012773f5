package dev.flujo.pipeline.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flujo.event.CommitEvent;
import dev.flujo.event.CommitEvent.CommitPushed;
import dev.flujo.event.CommitEvent.PullRequestChanged;
import dev.flujo.event.CommitEvent.TagPushed;
import dev.flujo.kit.problem.CommonProblem;
import dev.flujo.kit.problem.Problem;
import dev.flujo.pipeline.api.Inputs;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What GitHub's payloads say, in Flujo's words. */
final class GithubEvents {

    private static final String HEADS = "refs/heads/";
    private static final String TAGS = "refs/tags/";

    /** GitHub names the files of so many commits of a push; of longer ones nobody knows them all. */
    private static final int MOST_COMMITS = 20;

    /** Of a message or a name no more is kept. */
    private static final int MOST_TEXT = 4_000;

    /** Of a push that changes more files, nobody is told which. */
    private static final int MOST_PATHS = 3_000;

    private static final Set<String> ACTIONS =
            Set.of("opened", "synchronize", "reopened", "ready_for_review", "labeled", "unlabeled", "closed");

    private GithubEvents() {}

    /** A push to a branch, or a new tag; none where nothing is left behind. */
    static Optional<CommitEvent> push(String project, JsonNode payload, Instant now) {
        String ref = text(payload, "ref");
        String after = text(payload, "after");
        if (payload.path("deleted").asBoolean(false) || after.matches("0+")) {
            return Optional.empty();
        }
        JsonNode head = payload.path("head_commit");
        String by = optional(payload.path("pusher"), "name").orElse("github");
        if (ref.startsWith(HEADS)) {
            return Optional.of(new CommitPushed(
                    project,
                    Inputs.branch(ref.substring(HEADS.length())),
                    Inputs.commit(after),
                    optional(head, "message"),
                    author(head),
                    optional(head, "timestamp").flatMap(GithubEvents::time),
                    by,
                    now,
                    paths(payload)));
        }
        return ref.startsWith(TAGS)
                ? Optional.of(new TagPushed(
                        project,
                        Inputs.branch(ref.substring(TAGS.length())),
                        optional(head, "id").map(Inputs::commit).orElseGet(() -> Inputs.commit(after)),
                        optional(head, "message"),
                        author(head),
                        by,
                        now))
                : Optional.empty();
    }

    /** What happened to a pull request; none where it means nothing to pipelines. */
    static Optional<CommitEvent> pullRequest(String project, JsonNode payload, Instant now) {
        String action = text(payload, "action");
        if (!ACTIONS.contains(action)) {
            return Optional.empty();
        }
        JsonNode request = payload.path("pull_request");
        JsonNode head = request.path("head");
        JsonNode base = request.path("base");
        List<String> labels = new ArrayList<>();
        request.path("labels").forEach(label -> optional(label, "name").ifPresent(labels::add));
        long from = head.path("repo").path("id").asLong(-1);
        return Optional.of(new PullRequestChanged(
                project,
                request.path("number").asLong(payload.path("number").asLong()),
                action,
                optional(request, "title").orElse(""),
                Inputs.branch(text(head, "ref")),
                Inputs.branch(text(base, "ref")),
                Inputs.commit(text(head, "sha")),
                from < 0 || from != base.path("repo").path("id").asLong(-2),
                request.path("draft").asBoolean(false),
                labels,
                optional(request.path("user"), "login").orElse(""),
                optional(payload.path("sender"), "login").orElse("github"),
                now,
                Optional.empty(),
                optional(base, "sha").map(Inputs::commit)));
    }

    private static Optional<List<String>> paths(JsonNode payload) {
        JsonNode commits = payload.path("commits");
        boolean all = commits.isArray()
                && !commits.isEmpty()
                && commits.size() < MOST_COMMITS
                && !payload.path("forced").asBoolean(false)
                && !payload.path("created").asBoolean(false);
        if (!all) {
            return Optional.empty();
        }
        Set<String> paths = new TreeSet<>();
        for (JsonNode commit : commits) {
            for (String change : List.of("added", "modified", "removed")) {
                if (!commit.path(change).isArray()) {
                    return Optional.empty();
                }
                commit.path(change).forEach(path -> paths.add(path.asText()));
            }
        }
        return Optional.of(List.copyOf(paths)).filter(known -> known.size() <= MOST_PATHS);
    }

    /** The name of the user where GitHub knows one, as pull requests say it; else the name in the commit. */
    private static Optional<String> author(JsonNode head) {
        JsonNode author = head.path("author");
        return optional(author, "username").or(() -> optional(author, "name"));
    }

    private static String text(JsonNode node, String field) {
        return optional(node, field)
                .orElseThrow(() -> new Problem(
                        CommonProblem.BAD_REQUEST,
                        "Expected the field '" + field + "' of a push or pull request, but it is missing or no text"));
    }

    private static Optional<String> optional(JsonNode node, String field) {
        return Optional.of(node.path(field))
                .filter(JsonNode::isTextual)
                .map(JsonNode::asText)
                .map(text -> text.length() > MOST_TEXT ? text.substring(0, MOST_TEXT) : text);
    }

    private static Optional<Instant> time(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
