package dev.flujo.deploy.rollout;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flujo.deploy.Environment;
import dev.flujo.deploy.Facts;
import dev.flujo.event.EventCodec;
import dev.flujo.event.Work;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What was rolled back in an environment: it does not come back by itself, until something else has gone well. */
final class UndoneReleases {

    private static final ObjectMapper JSON = new EventCodec().mapper();
    private static final String UNDONE = "undone";

    private final Path root;

    UndoneReleases(Path root) {
        this.root = root;
    }

    /** One release, by commit and artifacts, and who undid it. */
    private record Undone(String release, String by, Instant at) {}

    private record All(List<Undone> releases) {}

    /** Why this release is not applied, if it was rolled back and nothing newer has served since. */
    Optional<String> refusal(Environment environment, Work work) throws IOException {
        return read(environment).stream()
                .filter(undone -> undone.release().equals(release(work)))
                .findFirst()
                .map(undone -> "Expected a release that was not rolled back, but " + undone.by()
                        + " rolled this one back at " + undone.at()
                        + "; deploy a newer one, or roll back to this deployment");
    }

    /** Notes that the one release serves again and the other one shall not come back. */
    void swap(RollBack rollBack, Work again, Work undone) throws IOException {
        List<Undone> releases = new ArrayList<>(read(rollBack.environment()));
        releases.removeIf(known ->
                known.release().equals(release(again)) || known.release().equals(release(undone)));
        if (!release(again).equals(release(undone))) {
            releases.add(new Undone(release(undone), rollBack.by(), rollBack.at()));
        }
        facts(rollBack.environment()).replace(UNDONE, JSON.writeValueAsString(new All(releases)));
    }

    /** Something else has gone well: what was undone before is past. */
    void forget(Environment environment) throws IOException {
        facts(environment).forget(UNDONE);
    }

    private List<Undone> read(Environment environment) throws IOException {
        Optional<String> text = facts(environment).fact(UNDONE);
        return text.isEmpty()
                ? List.of()
                : JSON.readValue(text.get(), All.class).releases();
    }

    private static String release(Work work) {
        return work.revision().commit().orElse("")
                + work.artifacts().stream()
                        .map(artifact -> " " + artifact.path() + "=" + artifact.sha256())
                        .sorted()
                        .collect(Collectors.joining());
    }

    private Facts facts(Environment environment) {
        return new Facts(Journal.directory(root, environment));
    }
}
