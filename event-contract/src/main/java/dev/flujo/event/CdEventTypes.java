package dev.flujo.event;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The 45 event types of CDEvents 0.5.1, each with the members that its content must have (from the published schemas). */
final class CdEventTypes {

    private static final Map<String, List<String>> REQUIRED = new HashMap<>();

    static {
        needs("pipelinerun.started", "pipelineName", "uri");
        needs("artifact.packaged", "change");
        needs("artifact.signed", "signature");
        needs("testsuiterun.queued", "environment");
        needs("testsuiterun.started", "environment");
        needs("testsuiterun.finished", "environment", "outcome");
        needs("testcaserun.queued", "environment");
        needs("testcaserun.started", "environment");
        needs("testcaserun.finished", "environment", "outcome");
        needs("testoutput.published", "outputType", "format");
        needs("repository.created", "name", "uri");
        for (String predicate : List.of("deployed", "upgraded", "rolledback")) {
            needs("service." + predicate, "environment", "artifactId");
        }
        needs("incident.detected", "environment");
        needs("incident.resolved", "environment");
        needs("incident.reported", "environment", "ticketURI");
        needs("ticket.created", "summary", "creator", "uri");
        needs("ticket.updated", "uri");
        needs("ticket.closed", "uri", "resolution");
        for (String free : List.of(
                "pipelinerun.queued",
                "pipelinerun.finished",
                "taskrun.started",
                "taskrun.finished",
                "build.queued",
                "build.started",
                "build.finished",
                "artifact.published",
                "artifact.downloaded",
                "artifact.deleted",
                "testcaserun.skipped",
                "repository.modified",
                "repository.deleted",
                "branch.created",
                "branch.deleted",
                "change.created",
                "change.reviewed",
                "change.merged",
                "change.abandoned",
                "change.updated",
                "environment.created",
                "environment.modified",
                "environment.deleted",
                "service.removed",
                "service.published")) {
            needs(free);
        }
    }

    private CdEventTypes() {}

    static int count() {
        return REQUIRED.size();
    }

    static boolean has(String nameWithoutVersion) {
        return REQUIRED.containsKey(nameWithoutVersion);
    }

    /** The first member that the content of this type must have and does not. */
    static Optional<String> missing(String nameWithoutVersion, JsonNode content) {
        return REQUIRED.get(nameWithoutVersion).stream()
                .filter(member -> !content.hasNonNull(member))
                .findFirst();
    }

    private static void needs(String name, String... members) {
        REQUIRED.put("dev.cdevents." + name, List.of(members));
    }
}
