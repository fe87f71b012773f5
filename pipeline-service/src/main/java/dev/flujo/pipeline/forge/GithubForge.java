package dev.flujo.pipeline.forge;

import static dev.flujo.pipeline.forge.ForgeCalls.part;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flujo.event.SeenBranch;
import dev.flujo.event.SeenRequest;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** GitHub, by its REST API. */
final class GithubForge implements Forge {

    static final ForgeCalls.ForgeToken TOKEN = new ForgeCalls.ForgeToken("Authorization", "Bearer ");

    private static final int PAGE = 100;
    private static final Set<String> MAY_WRITE = Set.of("admin", "maintain", "write");

    private final ForgeCalls calls;

    GithubForge(ForgeCalls calls) {
        this.calls = calls;
    }

    @Override
    public String name() {
        return "github";
    }

    @Override
    public void tell(Repository repository, CommitStatus status) {
        tell(calls, repository, status);
    }

    /** Gitea takes statuses at the same path, in the same words. */
    static void tell(ForgeCalls calls, Repository repository, CommitStatus status) {
        ObjectNode body = calls.object()
                .put("state", state(status.state()))
                .put("context", status.context())
                .put("description", status.description());
        status.link().ifPresent(link -> body.put("target_url", link.toString()));
        calls.post(repository, path(repository) + "/statuses/" + status.commit(), body);
    }

    private static String state(CommitStatus.State state) {
        return switch (state) {
            case PENDING, RUNNING -> "pending";
            case SUCCESS -> "success";
            case FAILURE -> "failure";
            case CANCELLED, ERROR -> "error";
        };
    }

    @Override
    public boolean mayWrite(Repository repository, ForgeUser user) {
        JsonNode answer =
                calls.get(repository, path(repository) + "/collaborators/" + part(user.name()) + "/permission");
        return MAY_WRITE.contains(answer.path("permission").asText());
    }

    @Override
    public String whole(Repository repository, String commit) {
        return Said.text(calls.get(repository, path(repository) + "/commits/" + part(commit)), "/sha");
    }

    @Override
    public List<SeenBranch> branches(Repository repository) {
        return list(repository, "/branches?").stream()
                .map(branch -> new SeenBranch(Said.text(branch, "/name"), Said.text(branch, "/commit/sha")))
                .toList();
    }

    @Override
    public SeenBranch detailed(Repository repository, SeenBranch head) {
        JsonNode commit = calls.get(repository, path(repository) + "/commits/" + head.commit());
        return new SeenBranch(
                head.branch(),
                head.commit(),
                Said.optional(commit, "/commit/message"),
                Said.optional(commit, "/author/login").or(() -> Said.optional(commit, "/commit/author/name")),
                Said.time(commit, "/commit/author/date"));
    }

    @Override
    public List<SeenRequest> requests(Repository repository) {
        return list(repository, "/pulls?state=open&").stream()
                .map(request -> request(request, "/repo/id"))
                .toList();
    }

    /** Gitea tells of requests in the same words, but for where the id of a repository stands. */
    static SeenRequest request(JsonNode request, String repositoryId) {
        return new SeenRequest(
                request.path("number").asLong(),
                Said.optional(request, "/title").orElse(""),
                Said.text(request, "/head/ref"),
                Said.text(request, "/base/ref"),
                Said.text(request, "/head/sha"),
                !Said.same(request.at("/head" + repositoryId), request.at("/base" + repositoryId)),
                request.path("draft").asBoolean(false),
                Said.texts(request.path("labels"), "/name"),
                Said.optional(request, "/user/login").orElse(""),
                Said.optional(request, "/base/sha"));
    }

    private List<JsonNode> list(Repository repository, String what) {
        return calls.all(
                repository,
                page -> path(repository) + what + "per_page=" + PAGE + "&page=" + page,
                PAGE,
                UnaryOperator.identity());
    }

    static String path(Repository repository) {
        return "/repos/" + part(repository.owner()) + "/" + part(repository.name());
    }
}
