package dev.flujo.pipeline.forge;

import static dev.flujo.pipeline.forge.ForgeCalls.part;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flujo.event.SeenBranch;
import dev.flujo.event.SeenRequest;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** GitLab, by its REST API. */
final class GitlabForge implements Forge {

    static final ForgeCalls.ForgeToken TOKEN = new ForgeCalls.ForgeToken("PRIVATE-TOKEN", "");

    private static final int PAGE = 100;

    /** Developers and above may push. */
    private static final int DEVELOPER = 30;

    private final ForgeCalls calls;

    GitlabForge(ForgeCalls calls) {
        this.calls = calls;
    }

    @Override
    public String name() {
        return "gitlab";
    }

    @Override
    public void tell(Repository repository, CommitStatus status) {
        ObjectNode body = calls.object()
                .put("state", state(status.state()))
                .put("name", status.context())
                .put("ref", status.branch())
                .put("description", status.description());
        status.link().ifPresent(link -> body.put("target_url", link.toString()));
        try {
            calls.post(repository, path(repository) + "/statuses/" + status.commit(), body);
        } catch (ForgeRefused e) {
            // Where this has been said before, GitLab does not take it again.
            if (e.status() != 400 || !e.getMessage().contains("Cannot transition status")) {
                throw e;
            }
        }
    }

    private static String state(CommitStatus.State state) {
        return switch (state) {
            case PENDING -> "pending";
            case RUNNING -> "running";
            case SUCCESS -> "success";
            case FAILURE, ERROR -> "failed";
            case CANCELLED -> "canceled";
        };
    }

    @Override
    public boolean mayWrite(Repository repository, ForgeUser user) {
        try {
            JsonNode member = calls.get(repository, path(repository) + "/members/all/" + part(user.id()));
            return member.path("access_level").asInt() >= DEVELOPER;
        } catch (ForgeRefused e) {
            if (e.status() == 404) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public String whole(Repository repository, String commit) {
        return Said.text(calls.get(repository, path(repository) + "/repository/commits/" + part(commit)), "/id");
    }

    @Override
    public List<SeenBranch> branches(Repository repository) {
        return list(repository, "/repository/branches?").stream()
                .map(branch -> new SeenBranch(
                        Said.text(branch, "/name"),
                        Said.text(branch, "/commit/id"),
                        Said.optional(branch, "/commit/message"),
                        Said.optional(branch, "/commit/author_name"),
                        Said.time(branch, "/commit/committed_date")))
                .toList();
    }

    @Override
    public List<SeenRequest> requests(Repository repository) {
        return list(repository, "/merge_requests?state=opened&").stream()
                .map(request -> new SeenRequest(
                        request.path("iid").asLong(),
                        Said.optional(request, "/title").orElse(""),
                        Said.text(request, "/source_branch"),
                        Said.text(request, "/target_branch"),
                        Said.text(request, "/sha"),
                        !Said.same(request.path("source_project_id"), request.path("target_project_id")),
                        request.path("draft").asBoolean(false),
                        Said.texts(request.path("labels"), ""),
                        Said.optional(request, "/author/username").orElse(""),
                        Optional.empty()))
                .toList();
    }

    private List<JsonNode> list(Repository repository, String what) {
        return calls.all(
                repository,
                page -> path(repository) + what + "per_page=" + PAGE + "&page=" + page,
                PAGE,
                UnaryOperator.identity());
    }

    private static String path(Repository repository) {
        return "/projects/" + part(repository.path());
    }
}
