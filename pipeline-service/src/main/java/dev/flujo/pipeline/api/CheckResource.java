package dev.flujo.pipeline.api;

import dev.flujo.event.Cause;
import dev.flujo.pipeline.store.CommitRuns;
import dev.flujo.pipeline.store.RunRow;
import dev.flujo.pipeline.store.Runs;
import dev.flujo.pipeline.token.Scope;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What pipelines say of a commit. */
@Path("/api/v1/projects/{project}/commits/{commit}/checks")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "runs")
public class CheckResource {

    private static final int MOST_RUNS = 500;

    private final CommitRuns commits;
    private final Runs runs;

    CheckResource(CommitRuns commits, Runs runs) {
        this.commits = commits;
        this.runs = runs;
    }

    @GET
    @RolesAllowed(Scope.READ)
    @Operation(
            summary = "Read the checks of a commit",
            description =
                    "Every pipeline that waits for what happened to the commit, with its outcome; also one that its"
                            + " filters skip, which counts as success, with the reason. The pipeline '.flujo' is the reading of"
                            + " the repository's definitions.")
    public ChecksView checks(@PathParam("project") String project, @PathParam("commit") String commit) {
        Inputs.name("project", project);
        Inputs.commit(commit);
        return ChecksView.of(project, commit, newest(runs.findAll(commits.of(project, commit, MOST_RUNS))));
    }

    /** The newest of each check, where what a filter skips says nothing against what has run. */
    public static List<CheckView> newest(List<RunRow> newestFirst) {
        Map<String, CheckView> newest = new TreeMap<>();
        Map<String, RunRow> byId = newestFirst.stream()
                .collect(Collectors.toMap(row -> row.run().toString(), Function.identity(), (one, same) -> one));
        for (RunRow row : newestFirst) {
            CheckView check = CheckView.of(row, first(row, byId).cause().kind());
            newest.merge(check.key(), check, (newer, older) -> newer.skipped() && !older.skipped() ? older : newer);
        }
        return List.copyOf(newest.values());
    }

    /** A run that does another one again stands for what that one was started by. */
    private static RunRow first(RunRow row, Map<String, RunRow> byId) {
        RunRow first = row;
        while (first.cause().kind() == Cause.Kind.RERUN
                && byId.containsKey(first.cause().id())) {
            first = byId.get(first.cause().id());
        }
        return first;
    }
}
