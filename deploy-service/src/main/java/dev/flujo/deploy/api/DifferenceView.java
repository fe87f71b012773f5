package dev.flujo.deploy.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.flujo.event.Work;
import dev.flujo.event.plan.Deploy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is different between two deployments of an environment: where they come from, their files by digest, their settings. */
public record DifferenceView(Side from, Side to, List<Change> artifacts, List<Change> settings) {

    /** Where a deployment comes from. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Side(UUID deployment, UUID run, String branch, String commit) {

        static Side of(UUID deployment, Work work) {
            return new Side(
                    deployment,
                    work.attempt().run(),
                    work.revision().branch(),
                    work.revision().commit().orElse(null));
        }
    }

    /** Something that has another value, or is only on one side. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Change(String name, String from, String to) {}

    static DifferenceView of(Side from, Work before, Side to, Work after) {
        return new DifferenceView(
                from, to, changes(artifacts(before), artifacts(after)), changes(settings(before), settings(after)));
    }

    private static List<Change> changes(Map<String, String> before, Map<String, String> after) {
        return Stream.concat(before.keySet().stream(), after.keySet().stream())
                .collect(Collectors.toCollection(TreeSet::new))
                .stream()
                .filter(name -> !Objects.equals(before.get(name), after.get(name)))
                .map(name -> new Change(name, before.get(name), after.get(name)))
                .toList();
    }

    private static Map<String, String> artifacts(Work work) {
        Map<String, String> digests = new LinkedHashMap<>();
        work.artifacts().forEach(artifact -> digests.put(artifact.path(), "sha256:" + artifact.sha256()));
        return digests;
    }

    private static Map<String, String> settings(Work work) {
        Map<String, String> settings = new LinkedHashMap<>();
        work.env().forEach((name, value) -> settings.put("env." + name, value));
        Deploy deploy = work.job().deploy().orElseThrow();
        settings.put("start", deploy.start());
        settings.put("health", deploy.health().path());
        settings.put("replicas", Integer.toString(deploy.rollout().replicas()));
        return settings;
    }
}
