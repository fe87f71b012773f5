package dev.flujo.stack.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** An event of a run in one line that a person reads. */
record EventLine(String text, Mood mood) {

    private static final int SHORT_COMMIT = 10;

    /** What an event means to its readers. */
    enum Mood {
        PLAIN,
        GOOD,
        BAD
    }

    static EventLine of(RunEvent event) {
        return event.job().isEmpty() ? ofRun(event) : ofJob(event);
    }

    static String commit(String commit) {
        return commit.substring(0, Math.min(SHORT_COMMIT, commit.length()));
    }

    private static EventLine ofRun(RunEvent event) {
        return switch (event.type()) {
            case "pipelinerun.queued" ->
                plain("run queued for " + change(event.said().path("revision")));
            case "pipelinerun.started" -> plain("run started");
            case "pipelinerun.finished" -> outcome("run", event, "");
            case "run.refused", "run.quarantined" ->
                new EventLine(words(event.type()) + ": " + event.text("reason") + " " + event.text("detail"), Mood.BAD);
            default -> plain(words(event.type()));
        };
    }

    private static EventLine ofJob(RunEvent event) {
        String job = event.job() + ": ";
        return switch (event.type()) {
            case "job.queued" -> plain(job + "waits for a runner of pool " + event.text("pool"));
            case "job.assigned" -> plain(job + "given to runner " + event.text("runner"));
            case "taskrun.started" -> plain(job + "started");
            case "step.started" -> plain(job + "step '" + event.text("name") + "' started");
            case "step.finished" ->
                plain(job + "step '" + event.text("name") + "' ended with exit code " + event.text("exitCode"));
            case "artifact.published" ->
                plain(job + "kept " + event.text("path") + ", " + event.text("bytes") + " bytes");
            case "taskrun.finished" ->
                outcome(event.job() + ":", event, tests(event.said().path("tests")));
            case "job.skipped" -> plain(job + "skipped, " + event.text("reason"));
            case "job.lost" -> new EventLine(job + "lost, " + event.text("reason"), Mood.BAD);
            case "deployment.started" ->
                plain(job + "brings the new version up beside what serves in " + event.text("environment"));
            case "service.deployed", "service.upgraded" ->
                new EventLine(
                        job + event.text("environment") + " serves "
                                + commit(RunEvent.text(
                                        event.said().path("revision").path("commit"))) + " at "
                                + event.text("address"),
                        Mood.GOOD);
            case "deployment.failed" -> new EventLine(job + "not deployed, " + event.text("reason"), Mood.BAD);
            default -> plain(job + words(event.type()));
        };
    }

    private static EventLine outcome(String who, RunEvent event, String more) {
        String outcome = event.text("outcome");
        String reason = event.text("reason");
        Mood mood = outcome.equals("SUCCEEDED") ? Mood.GOOD : Mood.BAD;
        return new EventLine(who + " " + outcome + (reason.isEmpty() ? "" : ", " + reason) + more, mood);
    }

    private static String tests(JsonNode tests) {
        if (!tests.isObject()) {
            return "";
        }
        List<String> names = new ArrayList<>();
        tests.path("failedNames").forEach(name -> names.add(name.asText()));
        int failed = tests.path("failed").asInt();
        return "; tests: " + tests.path("passed").asInt() + " passed"
                + (failed == 0 ? "" : ", " + failed + " failed: " + String.join(", ", names));
    }

    private static String change(JsonNode revision) {
        String message =
                RunEvent.text(revision.path("message")).lines().findFirst().orElse("");
        return commit(RunEvent.text(revision.path("commit"))) + " on " + RunEvent.text(revision.path("branch"))
                + (message.isEmpty() ? "" : ", '" + message + "'");
    }

    private static EventLine plain(String text) {
        return new EventLine(text, Mood.PLAIN);
    }

    private static String words(String type) {
        return type.replace('.', ' ');
    }
}
