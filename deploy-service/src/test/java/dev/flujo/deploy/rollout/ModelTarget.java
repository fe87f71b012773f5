package dev.flujo.deploy.rollout;

import dev.flujo.deploy.Environment;
import dev.flujo.deploy.Site;
import dev.flujo.deploy.Target;
import dev.flujo.deploy.config.Config;
import dev.flujo.event.DriftEvent.Difference;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;

/**
 * A target in memory that outlives the service, as a real one does, for one environment in one place. Before and after each change it lets
 * the model have its moment, in which anything may happen.
 */
final class ModelTarget implements Target {

    /** What a model does before and after each change; it may throw. */
    interface Moment {
        void pass(String where) throws IOException;
    }

    /** How the replicas of a version do. */
    enum Health {
        WELL,
        BROKEN,
        FAILING
    }

    private final Moment moment;
    private final Function<UUID, Health> health;
    private final Map<UUID, Integer> replicas = new TreeMap<>();
    private final Map<UUID, Requests> requests = new HashMap<>();
    private final List<String> changes = new ArrayList<>();
    private final Map<UUID, Integer> stale = new HashMap<>();
    private final Set<UUID> slow = new HashSet<>();
    private List<Share> shares = List.of();
    private Optional<Serving> serving = Optional.empty();
    private long fence;
    private List<Difference> drifted = List.of();

    ModelTarget(Moment moment, Function<UUID, Health> health) {
        this.moment = moment;
        this.health = health;
    }

    /** The changes since they were asked for last. */
    List<String> changes() {
        List<String> fresh = List.copyOf(changes);
        changes.clear();
        return fresh;
    }

    /** Lets somebody else change what serves. */
    void drift(Difference... differences) {
        drifted = List.of(differences);
    }

    /** How many replicas there are of each version that has any. */
    Map<UUID, Integer> replicas() {
        return Map.copyOf(replicas);
    }

    List<Share> shares() {
        return shares;
    }

    /** Time goes on: users come, and who was starting has started. */
    void live() {
        slow.clear();
        for (Share share : shares) {
            Requests before = requests.getOrDefault(share.deployment(), new Requests(0, 0));
            long fresh = share.weight() * 100L;
            long failed = health.apply(share.deployment()) == Health.FAILING ? fresh / 2 : 0;
            requests.put(share.deployment(), new Requests(before.all() + fresh, before.failed() + failed));
        }
    }

    @Override
    public Optional<Site> site(Version version) {
        return Optional.empty();
    }

    @Override
    public Optional<String> refusal(Version version) {
        return Optional.empty();
    }

    @Override
    public void scale(Version version, int wanted) throws IOException {
        moment.pass("scale");
        int before = replicas.getOrDefault(version.deployment(), 0);
        if (before == wanted) {
            return;
        }
        if (wanted == 0) {
            replicas.remove(version.deployment());
        } else {
            if (version.fence() < fence) {
                throw new AssertionError("fence " + version.fence() + " wants replicas after " + fence);
            }
            fence = version.fence();
            replicas.put(version.deployment(), wanted);
            slow.add(version.deployment());
        }
        changes.add("scale " + version.deployment() + " " + wanted);
        moment.pass("scaled");
    }

    @Override
    public Condition condition(Version version) {
        int wanted = replicas.getOrDefault(version.deployment(), 0);
        if (health.apply(version.deployment()) == Health.BROKEN) {
            return new Condition(wanted, 0, Optional.of("the command ended"), "none");
        }
        return new Condition(wanted, slow.contains(version.deployment()) ? 0 : wanted, Optional.empty(), "none");
    }

    @Override
    public void route(Version at, List<Share> wanted) throws IOException {
        moment.pass("route");
        if (shares.equals(wanted)) {
            return;
        }
        for (Share share : wanted) {
            if (!replicas.containsKey(share.deployment())) {
                throw new AssertionError(share + " of the traffic, but no replica");
            }
        }
        shares = List.copyOf(wanted);
        changes.add("route " + wanted);
        moment.pass("routed");
    }

    @Override
    public String preview(Version version) {
        return "http://preview";
    }

    @Override
    public URI replica(Version version) {
        return URI.create("http://replica");
    }

    @Override
    public Optional<Requests> requests(Version version) {
        return Optional.of(requests.getOrDefault(version.deployment(), new Requests(0, 0)));
    }

    @Override
    public Serving promote(Version version, Instant since, Optional<UUID> previous) throws IOException {
        moment.pass("promote");
        if (serving.filter(now -> now.deployment().equals(version.deployment())).isEmpty()) {
            serving = Optional.of(new Serving(version.deployment(), "http://shop", since, previous));
            changes.add("promote " + version.deployment());
        }
        moment.pass("promoted");
        return serving.orElseThrow();
    }

    @Override
    public Optional<Serving> serving(Environment environment) {
        return serving;
    }

    @Override
    public boolean live(Environment environment) {
        return serving.isPresent();
    }

    @Override
    public boolean rolls(Version version) {
        return false;
    }

    @Override
    public List<Difference> drift(Version version) throws IOException {
        moment.pass("drift");
        return drifted;
    }

    @Override
    public void heal(Version version) {
        drifted = List.of();
    }

    @Override
    public void give(Version version, Config config) throws IOException {
        moment.pass("give");
        changes.add("give " + config.items());
        stale.put(version.deployment(), replicas.getOrDefault(version.deployment(), 0));
    }

    @Override
    public boolean renew(Version version) throws IOException {
        moment.pass("renew");
        int left = stale.getOrDefault(version.deployment(), 0);
        if (left == 0) {
            return false;
        }
        stale.put(version.deployment(), left - 1);
        slow.add(version.deployment());
        changes.add("renew " + version.deployment());
        return true;
    }

    @Override
    public void remove(Environment environment, long wanted) throws IOException {
        moment.pass("remove");
        if (wanted < fence) {
            throw new AssertionError("fence " + wanted + " takes down after " + fence);
        }
        fence = wanted;
        if (!shares.isEmpty()) {
            changes.add("remove " + shares);
        }
        shares = List.of();
        moment.pass("unrouted");
        if (serving.isPresent() || !replicas.isEmpty()) {
            changes.add("remove " + replicas.keySet());
        }
        serving = Optional.empty();
        replicas.clear();
        requests.clear();
        moment.pass("removed");
    }

    @Override
    public void tend() {}
}
