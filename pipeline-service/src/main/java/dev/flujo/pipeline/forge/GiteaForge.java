package dev.flujo.pipeline.forge;

import static dev.flujo.pipeline.forge.ForgeCalls.part;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flujo.event.SeenBranch;
import dev.flujo.event.SeenRequest;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Gitea and Forgejo, by the API that they share. */
final class GiteaForge implements Forge {

    static final ForgeCalls.ForgeToken TOKEN = new ForgeCalls.ForgeToken("Authorization", "token ");

    private static final int PAGE = 50;
    private static final Set<String> MAY_WRITE = Set.of("owner", "admin", "write");

    private final String name;
    private final ForgeCalls calls;

    GiteaForge(String name, ForgeCalls calls) {
        this.name = name;
        this.calls = calls;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void tell(Repository repository, CommitStatus status) {
        GithubForge.tell(calls, repository, status);
    }

    @Override
    public boolean mayWrite(Repository repository, ForgeUser user) {
        JsonNode answer = calls.get(
                repository, GithubForge.path(repository) + "/collaborators/" + part(user.name()) + "/permission");
        return MAY_WRITE.contains(answer.path("permission").asText());
    }

    @Override
    public String whole(Repository repository, String commit) {
        return Said.text(calls.get(repository, GithubForge.path(repository) + "/git/commits/" + part(commit)), "/sha");
    }

    @Override
    public List<SeenBranch> branches(Repository repository) {
        return list(repository, "/branches?").stream()
                .map(branch -> new SeenBranch(
                        Said.text(branch, "/name"),
                        Said.text(branch, "/commit/id"),
                        Said.optional(branch, "/commit/message"),
                        Said.optional(branch, "/commit/author/username")
                                .filter(user -> !user.isEmpty())
                                .or(() -> Said.optional(branch, "/commit/author/name")),
                        Said.time(branch, "/commit/timestamp")))
                .toList();
    }

    @Override
    public List<SeenRequest> requests(Repository repository) {
        return list(repository, "/pulls?state=open&").stream()
                .map(request -> GithubForge.request(request, "/repo_id"))
                .toList();
    }

    private List<JsonNode> list(Repository repository, String what) {
        return calls.all(
                repository,
                page -> GithubForge.path(repository) + what + "limit=" + PAGE + "&page=" + page,
                PAGE,
                UnaryOperator.identity());
    }
}
