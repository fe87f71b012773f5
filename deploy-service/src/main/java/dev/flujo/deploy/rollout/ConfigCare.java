package dev.flujo.deploy.rollout;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flujo.deploy.Environment;
import dev.flujo.deploy.Facts;
import dev.flujo.deploy.Target;
import dev.flujo.deploy.Target.Serving;
import dev.flujo.deploy.Target.Version;
import dev.flujo.deploy.config.Config;
import dev.flujo.deploy.config.ConfigStore;
import dev.flujo.event.ConfigEvent.ConfigGiven;
import dev.flujo.event.EventCodec;
import dev.flujo.event.plan.Deploy;
import dev.flujo.event.plan.Deploy.Reading;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Sees that versions have the settings and secrets of their environment: from their first replica on, and whenever one changes.
 * What was given is noted with the rollout, so that each is told once, and given again only when it is something else.
 */
final class ConfigCare {

    private static final Logger LOG = Logger.getLogger(ConfigCare.class);
    private static final ObjectMapper JSON = new EventCodec().mapper();

    /** What was given, and what of it was told: by the mark. */
    private static final String GIVEN = "config-given";

    private static final String EVENT = "config-event";
    private static final String TOLD = "config-told";
    private static final String STARTED = "config-started";
    private static final String STUCK = "config-stuck";

    private final Path root;
    private final Target target;
    private final Pace pace;
    private final ConfigStore store;
    private final Consumer<ConfigGiven> told;
    private final Set<Environment> untold = ConcurrentHashMap.newKeySet();

    ConfigCare(Path root, Walk.Ground ground, Desk desk) {
        this.root = root;
        this.target = ground.target();
        this.pace = ground.pace();
        this.store = desk.store();
        this.told = desk.told();
    }

    /** Gives a version what its environment has, unless it has that or wants nothing of it. */
    void give(Version version) throws IOException {
        if (reading(version).isEmpty()) {
            return;
        }
        Facts facts = facts(version);
        Config config = store.config(version.environment(), pace.now());
        if (!facts.fact(GIVEN + site(version)).equals(Optional.of(config.mark()))) {
            target.give(version, config);
            ConfigGiven event = new ConfigGiven(
                    version.environment().project(),
                    version.environment().name(),
                    version.deployment(),
                    version.work().attempt().run(),
                    config.items(),
                    pace.now());
            facts.replace(EVENT, JSON.writeValueAsString(event));
            facts.replace(GIVEN + site(version), config.mark());
        }
        tell(facts, config.mark());
    }

    /** The same before any replica of it is there: all of them will have been started with it. */
    void giveBeforeItStarts(Version version) throws IOException {
        give(version);
        Optional<String> given = facts(version).fact(GIVEN + site(version));
        if (given.isPresent()) {
            facts(version).settled(STARTED + site(version), given.get());
        }
    }

    /** The same for one that may have replicas from before, without traffic: they are replaced at once. */
    void giveAnew(Version version) throws IOException {
        give(version);
        if (reading(version).equals(Optional.of(Reading.RESTART))) {
            boolean more = true;
            while (more) {
                more = target.renew(version);
            }
            facts(version)
                    .replace(
                            STARTED + site(version),
                            facts(version).fact(GIVEN + site(version)).orElseThrow());
        }
    }

    /**
     * Replaces the replicas of what serves that were started with something else, where they would not notice otherwise. If the first
     * of them does not become ready, the others stay as they are.
     */
    void renew(Version version) throws IOException, InterruptedException {
        Facts facts = facts(version);
        Optional<String> mark = facts.fact(GIVEN + site(version));
        if (mark.isEmpty() || !wantsRenewal(version)) {
            return;
        }
        LOG.infof("replaces the replicas of %s, because its config is another one", version.deployment());
        Optional<String> trouble = new Renewal(version, target, pace).go();
        if (trouble.isPresent()) {
            LOG.warnf("the replicas of %s were not replaced: %s", version.deployment(), trouble.get());
            facts.replace(STUCK + site(version), mark.get() + " " + trouble.get());
        } else {
            facts.replace(STARTED + site(version), mark.get());
        }
    }

    /** Whether a version has replicas that were started with something else and would not notice otherwise. */
    boolean wantsRenewal(Version version) throws IOException {
        Facts facts = facts(version);
        Optional<String> mark = facts.fact(GIVEN + site(version));
        return reading(version).equals(Optional.of(Reading.RESTART))
                && mark.isPresent()
                && !facts.fact(STARTED + site(version)).equals(mark)
                && stuck(version, mark.get()).isEmpty();
    }

    /** All that live are about to be given, and told, what they are to have. */
    void forgetDebts(Environment environment) {
        untold.remove(environment);
    }

    /** How far a version has come, in all of its sites. */
    Optional<ConfigState> state(Version version) throws IOException {
        Optional<ConfigState> all = Optional.empty();
        for (Version one : Legs.each(version, target)) {
            Optional<ConfigState> state = stateThere(one);
            all = all.isPresent() && state.isPresent() ? Optional.of(all.get().and(state.get())) : state;
        }
        return all;
    }

    private Optional<ConfigState> stateThere(Version version) throws IOException {
        Optional<Reading> reading = reading(version);
        if (reading.isEmpty()) {
            return Optional.empty();
        }
        Facts facts = facts(version);
        String mark = store.config(version.environment(), pace.now()).mark();
        boolean restarts = reading.get() == Reading.RESTART;
        return Optional.of(new ConfigState(
                version.deployment(),
                facts.fact(GIVEN + site(version)).equals(Optional.of(mark)),
                restarts
                        ? Optional.of(facts.fact(STARTED + site(version)).equals(Optional.of(mark)))
                        : Optional.empty(),
                restarts ? stuck(version, mark) : Optional.empty()));
    }

    /** Forgets what is past, and says the mark of what is to be given now; nothing where there never was anything. */
    Optional<String> tidied(Environment environment) throws IOException {
        if (store.items(environment).isEmpty()) {
            return Optional.empty();
        }
        store.tidy(environment, pace.now());
        return Optional.of(store.config(environment, pace.now()).mark());
    }

    /** Whether somebody could not be told of what was given. */
    boolean owes(Environment environment) {
        return untold.contains(environment);
    }

    /** What serves in each site of an environment. */
    List<Version> servingParts(Environment environment) throws IOException {
        Optional<Version> serving = serving(environment);
        return serving.isEmpty() ? List.of() : Legs.each(serving.get(), target);
    }

    /** What serves in an environment, as far as it is known here. */
    Optional<Version> serving(Environment environment) throws IOException {
        Optional<Serving> serving = target.serving(environment);
        if (serving.isEmpty()) {
            return Optional.empty();
        }
        long fence = new Facts(Journal.directory(root, environment))
                .fact(Rollouts.FENCE)
                .map(Long::parseLong)
                .orElse(0L);
        return Journal.of(root, environment, serving.get().deployment())
                .work()
                .map(work -> new Version(serving.get().deployment(), work, fence));
    }

    private Optional<String> stuck(Version version, String mark) throws IOException {
        return facts(version)
                .fact(STUCK + site(version))
                .filter(text -> text.startsWith(mark + " "))
                .map(text -> text.substring(mark.length() + 1));
    }

    /** What could not be told now is told when it is looked at next. */
    private void tell(Facts facts, String mark) throws IOException {
        Optional<String> event = facts.fact(EVENT);
        if (event.isEmpty() || facts.fact(TOLD).equals(Optional.of(mark))) {
            return;
        }
        ConfigGiven given = JSON.readValue(event.get(), ConfigGiven.class);
        Environment environment = new Environment(given.project(), given.environment());
        try {
            told.accept(given);
            facts.replace(TOLD, mark);
            untold.remove(environment);
        } catch (RuntimeException e) {
            untold.add(environment);
            LOG.warnf("could not tell what %s was given: %s", given.deployment(), e.getMessage());
        }
    }

    private static Optional<Reading> reading(Version version) {
        return version.work().job().deploy().flatMap(Deploy::config);
    }

    /** Each site of a version is given, and has its replicas replaced, by itself. */
    private static String site(Version version) {
        return version.site()
                .map(site -> "@" + site.cluster() + "@" + site.namespace())
                .orElse("");
    }

    private Facts facts(Version version) {
        return Journal.of(root, version.environment(), version.deployment()).facts();
    }
}
