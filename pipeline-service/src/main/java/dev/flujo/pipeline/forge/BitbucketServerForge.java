package dev.flujo.pipeline.forge;

import static dev.flujo.pipeline.forge.ForgeCalls.part;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flujo.event.SeenBranch;
import dev.flujo.event.SeenRequest;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Bitbucket Data Center, by its REST API; its address ends with {@code /rest}. */
final class BitbucketServerForge implements Forge {

    static final ForgeCalls.ForgeToken TOKEN = new ForgeCalls.ForgeToken("Authorization", "Bearer ");

    private static final int PAGE = 100;

    private final ForgeCalls calls;
    private final URI base;

    BitbucketServerForge(ForgeCalls calls, URI base) {
        this.calls = calls;
        this.base = base;
    }

    @Override
    public String name() {
        return "bitbucket-server";
    }

    @Override
    public void tell(Repository repository, CommitStatus status) {
        URI here = base.resolve("/projects/" + part(repository.owner()) + "/repos/" + part(repository.name())
                + "/commits/" + status.commit());
        calls.post(
                repository,
                "/build-status/1.0/commits/" + status.commit(),
                BitbucketForge.build(calls, status, "FAILED")
                        .put("url", status.link().orElse(here).toString()));
    }

    /** What somebody may by a group or by the project is not seen here. */
    @Override
    public boolean mayWrite(Repository repository, ForgeUser user) {
        JsonNode answer =
                calls.get(repository, path(repository) + "/permissions/users?limit=100&filter=" + part(user.name()));
        for (JsonNode each : answer.path("values")) {
            String permission = each.path("permission").asText();
            boolean writes = permission.equals("REPO_WRITE") || permission.equals("REPO_ADMIN");
            if (writes && each.at("/user/name").asText().equals(user.name())) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String whole(Repository repository, String commit) {
        return Said.text(calls.get(repository, path(repository) + "/commits/" + part(commit)), "/id");
    }

    @Override
    public List<SeenBranch> branches(Repository repository) {
        return list(repository, "/branches?").stream()
                .map(branch -> new SeenBranch(Said.text(branch, "/displayId"), Said.text(branch, "/latestCommit")))
                .toList();
    }

    @Override
    public SeenBranch detailed(Repository repository, SeenBranch head) {
        JsonNode commit = calls.get(repository, path(repository) + "/commits/" + head.commit());
        return new SeenBranch(
                head.branch(),
                head.commit(),
                Said.optional(commit, "/message"),
                Said.optional(commit, "/author/name"),
                Optional.of(commit.path("authorTimestamp"))
                        .filter(JsonNode::isNumber)
                        .map(at -> Instant.ofEpochMilli(at.asLong())));
    }

    @Override
    public List<SeenRequest> requests(Repository repository) {
        return list(repository, "/pull-requests?state=OPEN&").stream()
                .map(request -> new SeenRequest(
                        request.path("id").asLong(),
                        Said.optional(request, "/title").orElse(""),
                        Said.text(request, "/fromRef/displayId"),
                        Said.text(request, "/toRef/displayId"),
                        Said.text(request, "/fromRef/latestCommit"),
                        !Said.same(request.at("/fromRef/repository/id"), request.at("/toRef/repository/id")),
                        request.path("draft").asBoolean(false),
                        List.of(),
                        Said.optional(request, "/author/user/name").orElse(""),
                        Said.optional(request, "/toRef/latestCommit")))
                .toList();
    }

    private List<JsonNode> list(Repository repository, String what) {
        return calls.all(
                repository,
                page -> path(repository) + what + "limit=" + PAGE + "&start=" + (page - 1) * PAGE,
                PAGE,
                answer -> answer.path("values"));
    }

    private static String path(Repository repository) {
        return "/api/1.0/projects/" + part(repository.owner()) + "/repos/" + part(repository.name());
    }
}
