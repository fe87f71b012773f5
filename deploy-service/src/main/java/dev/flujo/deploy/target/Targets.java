package dev.flujo.deploy.target;

import dev.flujo.deploy.Environment;
import dev.flujo.deploy.Site;
import dev.flujo.deploy.Target;
import dev.flujo.deploy.config.Config;
import dev.flujo.deploy.target.kubernetes.KubernetesTarget;
import dev.flujo.deploy.target.local.LocalTarget;
import dev.flujo.event.DriftEvent.Difference;
import dev.flujo.event.plan.Deploy;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The targets as one: a version goes to Kubernetes if it consists of manifests, else it is started on this machine. An
 * environment may move to Kubernetes, and stays there until it is taken down.
 */
public final class Targets implements Target {

    private final LocalTarget local;
    private final KubernetesTarget kubernetes;

    public Targets(LocalTarget local, KubernetesTarget kubernetes) {
        this.local = local;
        this.kubernetes = kubernetes;
    }

    @Override
    public void scale(Version version, int replicas) throws IOException {
        Target target = of(version);
        if (target == local && replicas > 0 && kubernetes.has(version.environment())) {
            throw new IOException("Expected manifests for environment " + version.environment()
                    + ", because it is on a cluster, but the deployment has a command; use another environment.");
        }
        target.scale(version, replicas);
    }

    @Override
    public Condition condition(Version version) throws IOException, InterruptedException {
        return of(version).condition(version);
    }

    @Override
    public Optional<Site> site(Version version) {
        return of(version).site(version);
    }

    @Override
    public Optional<String> refusal(Version version) throws IOException {
        return of(version).refusal(version);
    }

    @Override
    public void route(Version at, List<Share> shares) throws IOException {
        of(at).route(at, shares);
    }

    @Override
    public String preview(Version version) throws IOException {
        return of(version).preview(version);
    }

    @Override
    public URI replica(Version version) throws IOException {
        return of(version).replica(version);
    }

    @Override
    public Optional<Requests> requests(Version version) throws IOException {
        return of(version).requests(version);
    }

    @Override
    public Serving promote(Version version, Instant since, Optional<UUID> previous) throws IOException {
        return of(version).promote(version, since, previous);
    }

    @Override
    public Optional<Serving> serving(Environment environment) throws IOException {
        Optional<Serving> serving = of(environment).serving(environment);
        return serving.isPresent() ? serving : local.serving(environment);
    }

    @Override
    public boolean live(Environment environment) throws IOException {
        return of(environment).live(environment) || local.live(environment);
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
    public void heal(Version version) throws IOException {
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
        kubernetes.remove(environment, fence);
        local.remove(environment, fence);
    }

    @Override
    public void tend() throws IOException {
        local.tend();
        kubernetes.tend();
    }

    private Target of(Version version) {
        return version.work().job().deploy().flatMap(Deploy::kubernetes).isPresent() ? kubernetes : local;
    }

    private Target of(Environment environment) throws IOException {
        return kubernetes.has(environment) ? kubernetes : local;
    }
}
