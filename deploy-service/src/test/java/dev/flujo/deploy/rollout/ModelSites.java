package dev.flujo.deploy.rollout;

import dev.flujo.deploy.Environment;
import dev.flujo.deploy.Site;
import dev.flujo.deploy.Target;
import dev.flujo.deploy.Waves;
import dev.flujo.deploy.config.Config;
import dev.flujo.deploy.rollout.ModelTarget.Health;
import dev.flujo.deploy.rollout.ModelTarget.Moment;
import dev.flujo.event.DriftEvent.Difference;
import dev.flujo.event.plan.Deploy;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * One environment in all of its sites, each of them a model of its own; what has no manifests comes to the one without a name. A
 * version that is broken is so in the last of its sites.
 */
final class ModelSites implements Target {

    static final Site OWN = new Site("eu-1", "shop");

    private final Moment moment;
    private final Function<UUID, Health> health;
    private final Map<Optional<Site>, ModelTarget> grounds = new LinkedHashMap<>();
    private final Map<UUID, List<Optional<Site>>> reached = new HashMap<>();
    private List<Optional<Site>> places = List.of();

    ModelSites(Moment moment, Function<UUID, Health> health) {
        this.moment = moment;
        this.health = health;
    }

    /** The sites of a version, in their order. */
    static List<Optional<Site>> sites(Deploy deploy) {
        return deploy.kubernetes().isEmpty()
                ? List.of(Optional.empty())
                : Waves.of(deploy, OWN).sites().stream().map(Optional::of).toList();
    }

    Map<Optional<Site>, ModelTarget> grounds() {
        return grounds;
    }

    ModelTarget ground(Optional<Site> site) {
        return grounds.computeIfAbsent(site, unused -> new ModelTarget(moment, id -> health(site, id)));
    }

    List<String> changes() {
        List<String> changes = new ArrayList<>();
        grounds.forEach((site, ground) -> ground.changes()
                .forEach(change -> changes.add(site.map(one -> one + " ").orElse("") + change)));
        return changes;
    }

    void live() {
        grounds.values().forEach(ModelTarget::live);
    }

    private Health health(Optional<Site> site, UUID deployment) {
        List<Optional<Site>> sites = reached.get(deployment);
        Health known = health.apply(deployment);
        return known == Health.BROKEN && !sites.get(sites.size() - 1).equals(site) ? Health.WELL : known;
    }

    private ModelTarget of(Version version) {
        reached.put(version.deployment(), sites(deploy(version)));
        return ground(version.site().or(() -> site(version)));
    }

    private static Deploy deploy(Version version) {
        return version.work().job().deploy().orElseThrow();
    }

    @Override
    public Optional<Site> site(Version version) {
        return deploy(version).kubernetes().map(unused -> OWN);
    }

    @Override
    public Optional<String> refusal(Version version) {
        return Optional.empty();
    }

    @Override
    public void scale(Version version, int replicas) throws IOException {
        of(version).scale(version, replicas);
    }

    @Override
    public Condition condition(Version version) {
        return of(version).condition(version);
    }

    @Override
    public void route(Version at, List<Share> shares) throws IOException {
        of(at).route(at, shares);
    }

    @Override
    public String preview(Version version) {
        return of(version).preview(version);
    }

    @Override
    public URI replica(Version version) {
        return of(version).replica(version);
    }

    @Override
    public Optional<Requests> requests(Version version) {
        return of(version).requests(version);
    }

    @Override
    public Serving promote(Version version, Instant since, Optional<UUID> previous) throws IOException {
        Serving serving = of(version).promote(version, since, previous);
        places = sites(deploy(version));
        return serving;
    }

    @Override
    public Optional<Serving> serving(Environment environment) {
        return places.isEmpty() ? Optional.empty() : ground(places.get(0)).serving(environment);
    }

    @Override
    public boolean live(Environment environment) {
        return serving(environment).isPresent();
    }

    @Override
    public boolean rolls(Version version) {
        return of(version).rolls(version);
    }

    @Override
    public List<Difference> drift(Version version) throws IOException {
        return of(version).drift(version);
    }

    @Override
    public void heal(Version version) {
        of(version).heal(version);
    }

    @Override
    public void give(Version version, Config config) throws IOException {
        of(version).give(version, config);
    }

    @Override
    public boolean renew(Version version) throws IOException {
        return of(version).renew(version);
    }

    @Override
    public void remove(Environment environment, long fence) throws IOException {
        for (Optional<Site> place : places) {
            ground(place).remove(environment, fence);
        }
        places = List.of();
    }

    @Override
    public void tend() {}
}
