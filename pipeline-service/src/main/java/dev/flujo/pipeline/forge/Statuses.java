package dev.flujo.pipeline.forge;

import dev.flujo.event.Revision;
import dev.flujo.pipeline.api.CheckView;
import dev.flujo.pipeline.store.RunRow;
import dev.flujo.pipeline.store.RunState;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What forges are told of runs. */
final class Statuses {

    private Statuses() {}

    /** What a check says of a commit, whose newest run this is. */
    static CommitStatus of(String commit, CheckView check, RunRow row, Optional<URI> publicUrl) {
        return new CommitStatus(
                commit,
                row.revision().map(Revision::branch).orElse(""),
                "flujo/" + check.pipeline() + "/" + check.event(),
                state(row.state()),
                description(row),
                publicUrl.map(url -> URI.create(url.toString().replaceAll("/+$", "") + "/api/v1/runs/" + row.run())));
    }

    /** A required check that does not have to run has passed; what the platform does wrong is not the commit's fault. */
    private static CommitStatus.State state(RunState state) {
        return switch (state) {
            case ACCEPTED, HELD, QUEUED -> CommitStatus.State.PENDING;
            case RUNNING, CANCELLING -> CommitStatus.State.RUNNING;
            case SUCCEEDED, SKIPPED -> CommitStatus.State.SUCCESS;
            case FAILED, REFUSED -> CommitStatus.State.FAILURE;
            case CANCELLED -> CommitStatus.State.CANCELLED;
            case ERRORED, QUARANTINED -> CommitStatus.State.ERROR;
        };
    }

    private static String description(RunRow row) {
        return switch (row.state()) {
            case ACCEPTED, QUEUED -> "Waits for its turn";
            case HELD -> "Waits until somebody who may has looked at this commit and comments /ok-to-test";
            case RUNNING -> "Runs";
            case CANCELLING -> "Is being cancelled";
            case SUCCEEDED -> "Succeeded" + lasted(row);
            case SKIPPED -> "Does not have to run" + reason(row);
            case FAILED -> "Failed" + lasted(row) + reason(row);
            case REFUSED -> "Refused" + reason(row);
            case CANCELLED -> "Cancelled" + reason(row);
            case ERRORED -> "Flujo failed, not the commit" + reason(row);
            case QUARANTINED -> "Flujo has stopped this run" + reason(row);
        };
    }

    private static String lasted(RunRow row) {
        Optional<Instant> began = row.times().startedAt();
        Optional<Instant> ended = row.times().finishedAt();
        if (began.isEmpty() || ended.isEmpty()) {
            return "";
        }
        Duration time = Duration.between(began.get(), ended.get());
        return time.toMinutes() > 0
                ? " after " + time.toMinutes() + " min " + time.toSecondsPart() + " s"
                : " after " + time.toSeconds() + " s";
    }

    private static String reason(RunRow row) {
        return row.reason().map(reason -> ": " + reason).orElse("");
    }
}
