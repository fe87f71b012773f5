package dev.flujo.deploy.rollout;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flujo.deploy.Environment;
import dev.flujo.deploy.Facts;
import dev.flujo.deploy.Target;
import dev.flujo.deploy.Target.Serving;
import dev.flujo.deploy.Target.Version;
import dev.flujo.event.DriftEvent.Difference;
import dev.flujo.event.DriftEvent.DriftDetected;
import dev.flujo.event.EventCodec;
import dev.flujo.event.Work;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** Compares what serves with what was applied, tells each new difference once, and heals it where the rules say so. */
final class DriftWatch {

    private static final ObjectMapper JSON = new EventCodec().mapper();
    private static final String DRIFT = "drift";
    private static final int ENVIRONMENT_DEPTH = 2;

    /** What is told of one comparison; where everything has changed, more says nothing more. */
    private static final int MOST = 50;

    private static final Logger LOG = Logger.getLogger(DriftWatch.class);

    private final Path root;
    private final Target target;
    private final Pace pace;
    private final RuleBook book;

    DriftWatch(Path root, Walk.Ground ground, RuleBook book) {
        this.root = root;
        this.target = ground.target();
        this.pace = ground.pace();
        this.book = book;
    }

    /** What was seen last and is not healed. */
    Optional<Drift> drift(Environment environment) throws IOException {
        Optional<String> text = facts(environment).fact(DRIFT);
        return text.isEmpty() ? Optional.empty() : Optional.of(JSON.readValue(text.get(), Drift.class));
    }

    /** What was seen is of what is not there any more. */
    void forget(Environment environment) throws IOException {
        facts(environment).forget(DRIFT);
    }

    /** Looks once; nothing may be on its way in the environment. A target that is in trouble is looked at next time. */
    void look(Environment environment, Consumer<DriftDetected> told) {
        try {
            compare(environment, told);
        } catch (IOException e) {
            LOG.warnf("could not compare %s with what was applied: %s", environment, e.getMessage());
        }
    }

    private void compare(Environment environment, Consumer<DriftDetected> told) throws IOException {
        Optional<Serving> serving = target.serving(environment);
        Optional<Work> work = serving.isEmpty()
                ? Optional.empty()
                : Journal.of(root, environment, serving.get().deployment()).work();
        if (work.isEmpty()) {
            return;
        }
        Version version = new Version(serving.get().deployment(), work.get(), 0);
        Optional<Drift> before =
                drift(environment).filter(known -> known.deployment().equals(version.deployment()));
        boolean heals = book.rules(environment).heal();
        List<Difference> earlier =
                heals ? List.of() : before.map(Drift::differences).orElse(List.of());
        Look look = looked(Legs.each(version, target), earlier);
        List<Difference> differences = look.differences();
        if (differences.isEmpty()) {
            facts(environment).forget(DRIFT);
            return;
        }
        Optional<Drift> known = before.filter(drift -> drift.differences().equals(differences));
        if (known.isPresent() && !heals) {
            return;
        }
        Instant since = known.map(Drift::since).orElse(pace.now());
        if (heals) {
            for (Version one : look.changed()) {
                target.heal(one);
            }
        }
        told.accept(new DriftDetected(
                environment.project(), environment.name(), version.deployment(), differences, heals, since));
        if (heals) {
            facts(environment).forget(DRIFT);
        } else {
            facts(environment)
                    .replace(DRIFT, JSON.writeValueAsString(new Drift(version.deployment(), since, differences)));
        }
    }

    /** What is different in all sites, and in which of them something is. */
    private record Look(List<Difference> differences, List<Version> changed) {}

    /** Where there are several sites, the object's name says which; of one that does not answer, what was known counts. */
    private Look looked(List<Version> versions, List<Difference> known) throws IOException {
        List<Difference> differences = new ArrayList<>();
        List<Version> changed = new ArrayList<>();
        for (Version version : versions) {
            String site = version.site().map(one -> one + " ").orElse("");
            try {
                List<Difference> found = target.drift(version);
                found.forEach(one -> differences.add(
                        new Difference(site + one.object(), one.field(), one.wanted(), one.found(), one.manager())));
                if (!found.isEmpty()) {
                    changed.add(version);
                }
            } catch (IOException e) {
                if (versions.size() == 1) {
                    throw e;
                }
                LOG.warnf("could not compare %s with what was applied: %s", site.strip(), e.getMessage());
                known.stream().filter(one -> one.object().startsWith(site)).forEach(differences::add);
            }
        }
        return new Look(differences.stream().limit(MOST).toList(), changed);
    }

    /** Every environment that something was deployed to. */
    List<Environment> environments() throws IOException {
        Path all = root.resolve("rollouts");
        if (!Files.isDirectory(all)) {
            return List.of();
        }
        try (Stream<Path> found = Files.find(
                all,
                ENVIRONMENT_DEPTH,
                (path, attributes) -> path.getNameCount() == all.getNameCount() + ENVIRONMENT_DEPTH)) {
            return found.map(path -> new Environment(
                            path.getParent().getFileName().toString(),
                            path.getFileName().toString()))
                    .toList();
        }
    }

    private Facts facts(Environment environment) {
        return new Facts(Journal.directory(root, environment));
    }
}
