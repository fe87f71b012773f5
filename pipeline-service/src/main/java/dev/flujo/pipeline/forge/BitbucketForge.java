package dev.flujo.pipeline.forge;

import static dev.flujo.pipeline.forge.ForgeCalls.part;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flujo.event.DerivedId;
import dev.flujo.event.SeenBranch;
import dev.flujo.event.SeenRequest;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** Bitbucket Cloud, by its REST API. */
final class BitbucketForge implements Forge {

    static final ForgeCalls.ForgeToken TOKEN = new ForgeCalls.ForgeToken("Authorization", "Bearer ");

    private static final int PAGE = 50;
    private static final int LONGEST_KEY = 40;

    private final ForgeCalls calls;

    BitbucketForge(ForgeCalls calls) {
        this.calls = calls;
    }

    @Override
    public String name() {
        return "bitbucket";
    }

    @Override
    public void tell(Repository repository, CommitStatus status) {
        URI here = URI.create("https://bitbucket.org/" + repository.path() + "/commits/" + status.commit());
        ObjectNode body = build(calls, status, status.state() == CommitStatus.State.CANCELLED ? "STOPPED" : "FAILED")
                .put("url", status.link().orElse(here).toString());
        calls.post(repository, path(repository) + "/commit/" + status.commit() + "/statuses/build", body);
    }

    /** A build as both kinds of Bitbucket want it told, but for the link. */
    static ObjectNode build(ForgeCalls calls, CommitStatus status, String failed) {
        String state =
                switch (status.state()) {
                    case PENDING, RUNNING -> "INPROGRESS";
                    case SUCCESS -> "SUCCESSFUL";
                    case FAILURE, CANCELLED, ERROR -> failed;
                };
        String key = status.context().length() <= LONGEST_KEY
                ? status.context()
                : DerivedId.of("context", status.context()).toString();
        return calls.object()
                .put("key", key)
                .put("state", state)
                .put("name", status.context())
                .put("description", status.description());
    }

    @Override
    public boolean mayWrite(Repository repository, ForgeUser user) {
        String query = part("user.uuid=\"" + user.id().replace("\"", "") + "\"");
        JsonNode answer = calls.get(
                repository,
                "/workspaces/" + part(repository.owner()) + "/permissions/repositories/" + part(repository.name())
                        + "?q=" + query);
        String permission = answer.at("/values/0/permission").asText();
        return permission.equals("write") || permission.equals("admin");
    }

    @Override
    public String whole(Repository repository, String commit) {
        return Said.text(calls.get(repository, path(repository) + "/commit/" + part(commit)), "/hash");
    }

    @Override
    public List<SeenBranch> branches(Repository repository) {
        return list(repository, "/refs/branches?").stream()
                .map(branch -> new SeenBranch(
                        Said.text(branch, "/name"),
                        Said.text(branch, "/target/hash"),
                        Said.optional(branch, "/target/message"),
                        Said.optional(branch, "/target/author/user/nickname")
                                .or(() -> Said.optional(branch, "/target/author/raw")),
                        Said.time(branch, "/target/date")))
                .toList();
    }

    @Override
    public List<SeenRequest> requests(Repository repository) {
        return list(repository, "/pullrequests?state=OPEN&").stream()
                .map(request -> new SeenRequest(
                        request.path("id").asLong(),
                        Said.optional(request, "/title").orElse(""),
                        Said.text(request, "/source/branch/name"),
                        Said.text(request, "/destination/branch/name"),
                        whole(repository, Said.text(request, "/source/commit/hash")),
                        !Said.same(request.at("/source/repository/uuid"), request.at("/destination/repository/uuid")),
                        request.path("draft").asBoolean(false),
                        List.of(),
                        Said.optional(request, "/author/nickname").orElse(""),
                        Optional.empty()))
                .toList();
    }

    private List<JsonNode> list(Repository repository, String what) {
        return calls.all(
                repository,
                page -> path(repository) + what + "pagelen=" + PAGE + "&page=" + page,
                PAGE,
                answer -> answer.path("values"));
    }

    private static String path(Repository repository) {
        return "/repositories/" + part(repository.owner()) + "/" + part(repository.name());
    }
}
