package dev.flujo.deploy.rollout;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flujo.deploy.Environment;
import dev.flujo.deploy.Facts;
import dev.flujo.deploy.Target;
import dev.flujo.deploy.Target.Serving;
import dev.flujo.deploy.Target.Version;
import dev.flujo.event.EventCodec;
import dev.flujo.event.Work;
import dev.flujo.event.plan.Deploy.Strategy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** What becomes of a version that another one took over from: it ends, or is kept running without traffic for a time. */
final class WarmVersions {

    private static final ObjectMapper JSON = new EventCodec().mapper();
    private static final String WARM = "warm";
    private static final int ENVIRONMENT_DEPTH = 2;

    private final Path root;
    private final Target target;
    private final Pace pace;

    WarmVersions(Path root, Walk.Ground ground) {
        this.root = root;
        this.target = ground.target();
        this.pace = ground.pace();
    }

    /** A version without traffic, and until when it is kept; until the next one where nothing is said. */
    private record Warm(UUID deployment, long fence, Optional<Instant> until) {

        private Warm {
            until = until == null ? Optional.empty() : until;
        }
    }

    /** Ends the old version, or keeps it as the new one's strategy says; what was kept before is ended. */
    void settle(Version fresh, Optional<Version> old) throws IOException {
        Environment environment = fresh.environment();
        Optional<Warm> kept = kept(environment);
        if (kept.isPresent()
                && !kept.get().deployment().equals(fresh.deployment())
                && !old.map(Version::deployment).equals(Optional.of(kept.get().deployment()))) {
            end(environment, kept.get().deployment(), fresh.fence());
        }
        Strategy strategy = fresh.work().job().deploy().orElseThrow().rollout().strategy();
        if (old.isPresent() && strategy.kind() == Strategy.Kind.BLUE_GREEN) {
            Optional<Instant> until = strategy.keep().map(time -> pace.now().plus(time));
            facts(environment)
                    .replace(WARM, JSON.writeValueAsString(new Warm(old.get().deployment(), fresh.fence(), until)));
            return;
        }
        facts(environment).forget(WARM);
        if (old.isPresent()) {
            Legs.end(old.get(), target);
        }
    }

    /** Ends a version that was undone; what serves again is not kept any more, but serves. */
    void end(Version again, Version undone) throws IOException {
        Optional<Warm> kept = kept(again.environment());
        if (kept.isPresent() && kept.get().deployment().equals(again.deployment())) {
            facts(again.environment()).forget(WARM);
        }
        Legs.end(undone, target);
    }

    /** Ends what is kept, whatever serves. */
    void end(Environment environment) throws IOException {
        Optional<Warm> kept = kept(environment);
        if (kept.isPresent()) {
            end(environment, kept.get().deployment(), kept.get().fence());
            facts(environment).forget(WARM);
        }
    }

    /** Which version is kept, if any is. */
    Optional<UUID> warm(Environment environment) throws IOException {
        return kept(environment).map(Warm::deployment);
    }

    /** Where a version is kept. */
    List<Environment> environments() throws IOException {
        Path all = root.resolve("rollouts");
        if (!Files.isDirectory(all)) {
            return List.of();
        }
        try (Stream<Path> found = Files.find(
                all,
                ENVIRONMENT_DEPTH,
                (path, attributes) -> path.getNameCount() == all.getNameCount() + ENVIRONMENT_DEPTH
                        && Files.exists(path.resolve(WARM)))) {
            return found.map(path -> new Environment(
                            path.getParent().getFileName().toString(),
                            path.getFileName().toString()))
                    .toList();
        }
    }

    void endWhatIsOver(Environment environment) throws IOException {
        Optional<Warm> kept = kept(environment);
        if (kept.isEmpty() || kept.get().until().filter(pace.now()::isAfter).isEmpty()) {
            return;
        }
        Warm warm = kept.get();
        if (!target.serving(environment).map(Serving::deployment).equals(Optional.of(warm.deployment()))) {
            end(environment, warm.deployment(), warm.fence());
        }
        facts(environment).forget(WARM);
    }

    private void end(Environment environment, UUID deployment, long fence) throws IOException {
        Optional<Work> work = Journal.of(root, environment, deployment).work();
        if (work.isPresent()) {
            Legs.end(new Version(deployment, work.get(), fence), target);
        }
    }

    private Optional<Warm> kept(Environment environment) throws IOException {
        Optional<String> text = facts(environment).fact(WARM);
        return text.isEmpty() ? Optional.empty() : Optional.of(JSON.readValue(text.get(), Warm.class));
    }

    private Facts facts(Environment environment) {
        return new Facts(Journal.directory(root, environment));
    }
}
