package dev.flujo.pipeline.forge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flujo.event.SeenBranch;
import dev.flujo.event.SeenRequest;
import dev.flujo.pipeline.forge.CommitStatus.State;
import dev.flujo.pipeline.forge.FakeForge.Call;
import dev.flujo.pipeline.forge.FakeForge.Reply;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each forge is asked and told, as it documents it. */
class ForgeTest {

    private static final String COMMIT = "aaaaaaaa" + "0".repeat(32);
    private static final String BASE = "dddddddd" + "0".repeat(32);
    private static final URI LINK = URI.create("https://flujo.example.com/runs/1");
    private static final Optional<Instant> COMMITTED = Optional.of(Instant.parse("2026-11-23T14:26:05Z"));

    @TempDir
    Path directory;

    private final FakeForge fake = new FakeForge();

    @AfterEach
    void end() {
        fake.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "github|/repos/acme/shop/statuses/|Authorization|Bearer"
                        + "|pending,pending,success,failure,error,error|context|target_url",
                "gitlab|/projects/acme%2Fshop/statuses/|Private-token|"
                        + "|pending,running,success,failed,canceled,failed|name|target_url",
                "gitea|/repos/acme/shop/statuses/|Authorization|token"
                        + "|pending,pending,success,failure,error,error|context|target_url",
                "forgejo|/repos/acme/shop/statuses/|Authorization|token"
                        + "|pending,pending,success,failure,error,error|context|target_url",
                "bitbucket|/repositories/acme/shop/commit/|Authorization|Bearer"
                        + "|INPROGRESS,INPROGRESS,SUCCESSFUL,FAILED,STOPPED,FAILED|key|url",
                "bitbucket-server|/build-status/1.0/commits/|Authorization|Bearer"
                        + "|INPROGRESS,INPROGRESS,SUCCESSFUL,FAILED,FAILED,FAILED|key|url"
            })
    void isToldInItsOwnWords(
            String forge, String path, String header, String before, String states, String context, String link) {
        for (State state : State.values()) {
            tell(forge, new CommitStatus(COMMIT, "main", "flujo/main/push", state, "Says\nmore", Optional.of(LINK)));
        }

        List<Call> calls = fake.calls();
        assertEquals(
                states,
                calls.stream().map(call -> call.json().path("state").asText()).collect(Collectors.joining(",")));
        for (Call call : calls) {
            assertEquals("POST", call.method());
            assertEquals(path + COMMIT + (forge.equals("bitbucket") ? "/statuses/build" : ""), call.path());
            assertEquals((before == null ? "" : before + " ") + ForgesFixture.TOKEN, call.header(header));
            JsonNode json = call.json();
            assertEquals("flujo/main/push", json.path(context).asText());
            assertEquals("Says", json.path("description").asText());
            assertEquals(LINK.toString(), json.path(link).asText());
        }
    }

    @Test
    void takesForToldWhatGitlabHasHeardBefore() {
        fake.answers(new Reply(400, Map.of(), "{\"message\":\"Cannot transition status via :run from :running\"}"));

        tell("gitlab", new CommitStatus(COMMIT, "main", "flujo/main/push", State.RUNNING, "Runs", Optional.empty()));

        assertEquals(1, fake.calls().size());
    }

    @Test
    void getsAKeyThatBitbucketTakesHoweverLongTheContextIs() {
        String context = "flujo/" + "x".repeat(63) + "/pull_request";
        tell("bitbucket", new CommitStatus(COMMIT, "main", context, State.SUCCESS, "Fine", Optional.empty()));

        JsonNode json = fake.calls().get(0).json();
        assertTrue(json.path("key").asText().length() <= 40, json.toString());
        assertEquals(context, json.path("name").asText());
        assertEquals(
                "https://bitbucket.org/acme/shop/commits/" + COMMIT,
                json.path("url").asText());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "github|/repos/acme/shop/collaborators/bob/permission|{'permission':'write'}|{'permission':'read'}",
                "gitea|/repos/acme/shop/collaborators/bob/permission|{'permission':'admin'}|{'permission':'none'}",
                "gitlab|/projects/acme%2Fshop/members/all/5|{'access_level':30}|{'access_level':20}",
                "bitbucket|/workspaces/acme/permissions/repositories/shop?q=user.uuid%3D%225%22"
                        + "|{'values':[{'permission':'write'}]}|{'values':[]}",
                "bitbucket-server|/api/1.0/projects/acme/repos/shop/permissions/users?limit=100&filter=bob"
                        + "|{'values':[{'user':{'name':'bob'},'permission':'REPO_WRITE'}]}"
                        + "|{'values':[{'user':{'name':'bobby'},'permission':'REPO_ADMIN'}]}"
            })
    void saysWhoMayCommand(String forge, String path, String may, String mayNot) {
        Forges forges = ForgesFixture.at(forge, fake.url(), directory, Map.of("people", "ada"));
        ForgeUser bob = new ForgeUser("bob", "5");

        fake.page(path, may);
        assertEquals(Optional.empty(), forges.whyNot(forge, "shop", bob));
        fake.page(path, mayNot);
        assertEquals(Optional.of(forge + " says that this user may not"), forges.whyNot(forge, "shop", bob));
        fake.answers(Reply.of(404));
        assertTrue(forges.whyNot(forge, "shop", bob).isPresent(), "nobody of that name");
        int asked = fake.calls().size();
        assertEquals(
                Optional.empty(), forges.whyNot(forge, "shop", new ForgeUser("ada", "1")), "a person who was named");
        String unknown = forges.whyNot(forge, "another", bob).orElseThrow();
        assertTrue(unknown.contains("name another in the repositories of flujo.forges." + forge), unknown);
        assertEquals(asked, fake.calls().size());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "github|/repos/acme/shop/branches?per_page=100&page=1|[{'name':'main','commit':{'sha':'C'}}]"
                        + "|/repos/acme/shop/commits/C|{'sha':'C','commit':{'message':'Sell','author':{'name':'Ada',"
                        + "'date':'2026-11-23T14:26:05Z'}},'author':null}",
                "gitlab|/projects/acme%2Fshop/repository/branches?per_page=100&page=1|[{'name':'main','commit':{'id':'C',"
                        + "'message':'Sell','author_name':'Ada','committed_date':'2026-11-23T15:26:05+01:00'}}]|-|-",
                "gitea|/repos/acme/shop/branches?limit=50&page=1|[{'name':'main','commit':{'id':'C','message':'Sell',"
                        + "'author':{'name':'Ada','username':''},'timestamp':'2026-11-23T15:26:05+01:00'}}]|-|-",
                "bitbucket|/repositories/acme/shop/refs/branches?pagelen=50&page=1|{'values':[{'name':'main','target':"
                        + "{'hash':'C','message':'Sell','author':{'raw':'Ada'},'date':'2026-11-23T14:26:05+00:00'}}]}|-|-",
                "bitbucket-server|/api/1.0/projects/acme/repos/shop/branches?limit=100&start=0|{'values':[{'displayId':"
                        + "'main','latestCommit':'C'}]}|/api/1.0/projects/acme/repos/shop/commits/C|{'id':'C',"
                        + "'message':'Sell','author':{'name':'Ada'},'authorTimestamp':1795443965000}"
            })
    void saysWhereItsBranchesAre(String forge, String path, String list, String detail, String commit) {
        fake.page(path, list.replace("'C'", "'" + COMMIT + "'"));
        fake.page(detail.replace("/C", "/" + COMMIT), commit.replace("'C'", "'" + COMMIT + "'"));
        Forges forges = ForgesFixture.at(forge, fake.url(), directory);
        Repository shop = forges.repository("shop").orElseThrow();

        SeenBranch head = forges.of(shop).branches(shop).get(0);

        assertEquals(
                new SeenBranch("main", COMMIT, Optional.of("Sell"), Optional.of("Ada"), COMMITTED),
                forges.of(shop).detailed(shop, head));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "github|/repos/acme/shop/pulls?state=open&per_page=100&page=1|[{'number':7,'title':'Sell','draft':true,"
                        + "'user':{'login':'ada'},'labels':[{'name':'urgent'}],'head':{'ref':'umbrellas','sha':'C',"
                        + "'repo':{'id':701}},'base':{'ref':'main','sha':'B','repo':{'id':700}}}]",
                "gitlab|/projects/acme%2Fshop/merge_requests?state=opened&per_page=100&page=1|[{'iid':7,'title':'Sell',"
                        + "'draft':true,'author':{'username':'ada'},'labels':['urgent'],'source_branch':'umbrellas',"
                        + "'target_branch':'main','sha':'C','source_project_id':701,'target_project_id':700}]",
                "gitea|/repos/acme/shop/pulls?state=open&limit=50&page=1|[{'number':7,'title':'Sell','draft':true,"
                        + "'user':{'login':'ada'},'labels':[{'name':'urgent'}],'head':{'ref':'umbrellas','sha':'C',"
                        + "'repo_id':701},'base':{'ref':'main','sha':'B','repo_id':700}}]",
                "bitbucket|/repositories/acme/shop/pullrequests?state=OPEN&pagelen=50&page=1|{'values':[{'id':7,"
                        + "'title':'Sell','draft':true,'author':{'nickname':'ada'},'source':{'branch':{'name':'umbrellas'},"
                        + "'commit':{'hash':'aaaaaaaa0000'},'repository':{'uuid':'{701}'}},'destination':{'branch':{'name':"
                        + "'main'},'commit':{'hash':'dddddddd0000'},'repository':{'uuid':'{700}'}}}]}",
                "bitbucket-server|/api/1.0/projects/acme/repos/shop/pull-requests?state=OPEN&limit=100&start=0|{'values':["
                        + "{'id':7,'title':'Sell','draft':true,'author':{'user':{'name':'ada'}},'fromRef':{'displayId':"
                        + "'umbrellas','latestCommit':'C','repository':{'id':701}},'toRef':{'displayId':'main',"
                        + "'latestCommit':'B','repository':{'id':700}}}]}"
            })
    void saysWhichRequestsAreOpen(String forge, String path, String list) {
        fake.page(path, list.replace("'C'", "'" + COMMIT + "'").replace("'B'", "'" + BASE + "'"));
        fake.page("/repositories/acme/shop/commit/aaaaaaaa0000", "{'hash':'" + COMMIT + "'}");
        Forges forges = ForgesFixture.at(forge, fake.url(), directory);
        Repository shop = forges.repository("shop").orElseThrow();

        SeenRequest request = forges.of(shop).requests(shop).get(0);

        boolean labels = !forge.startsWith("bitbucket");
        boolean base = !List.of("gitlab", "bitbucket").contains(forge);
        assertEquals(
                new SeenRequest(
                        7,
                        "Sell",
                        "umbrellas",
                        "main",
                        COMMIT,
                        true,
                        true,
                        labels ? List.of("urgent") : List.of(),
                        "ada",
                        base ? Optional.of(BASE) : Optional.empty()),
                request);
    }

    @Test
    void isAskedForAllPages() {
        String branch = "{'name':'b','commit':{'id':'" + COMMIT + "'}}";
        String full = "[" + String.join(",", Collections.nCopies(50, branch)) + "]";
        fake.page("/repos/acme/shop/branches?limit=50&page=1", full);
        fake.page("/repos/acme/shop/branches?limit=50&page=2", "[" + branch + "]");
        Forges forges = ForgesFixture.at("gitea", fake.url(), directory);
        Repository shop = forges.repository("shop").orElseThrow();

        assertEquals(51, forges.of(shop).branches(shop).size());
        assertEquals(2, fake.calls().size());
    }

    private void tell(String forge, CommitStatus status) {
        Forges forges = ForgesFixture.at(forge, fake.url(), directory);
        Repository shop = forges.repository("shop").orElseThrow();
        forges.of(shop).tell(shop, status);
    }
}
