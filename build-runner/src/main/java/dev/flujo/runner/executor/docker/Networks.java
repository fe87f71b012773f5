package dev.flujo.runner.executor.docker;

import dev.flujo.runner.egress.AllowedHosts;
import dev.flujo.runner.egress.EgressProxy;
import dev.flujo.runner.egress.NameService;
import dev.flujo.runner.egress.ProxyVariables;
import dev.flujo.runner.executor.docker.DockerConfig.Egress;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * The networks that jobs are in, and what they reach from there: nothing, everything, or a proxy of the runner's that connects
 * to allowed hosts. Networks of the last kind lead nowhere by themselves; the proxy listens at their one address that is the
 * machine's. Jobs never reach each other: they share a network where the engine keeps them apart in it, and have one each where
 * it does not.
 */
final class Networks implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Networks.class);

    private final Engine engine;
    private final DockerConfig config;
    private final String runner;
    private final Optional<EgressProxy> proxy;
    private final String common;
    private final Map<String, String> gateways = new ConcurrentHashMap<>();

    private Networks(Engine engine, DockerConfig config, String runner, Optional<EgressProxy> proxy, String common) {
        this.engine = engine;
        this.config = config;
        this.runner = runner;
        this.proxy = proxy;
        this.common = common;
    }

    /**
     * Makes the network of jobs without services.
     *
     * @param mayBePrivate hosts that may have addresses of private networks
     */
    static Networks open(Engine engine, DockerConfig config, String runner, Set<String> mayBePrivate)
            throws IOException {
        if (config.network() == Egress.NONE) {
            return new Networks(engine, config, runner, Optional.empty(), Kind.NO_NETWORK);
        }
        boolean listed = config.network() == Egress.ALLOW;
        Optional<EgressProxy> proxy = listed
                ? Optional.of(new EgressProxy(
                        AllowedHosts.of(
                                "flujo.runner.docker.allowed", config.allowed().orElse(List.of())),
                        mayBePrivate,
                        NameService.OF_THIS_MACHINE))
                : Optional.empty();
        if (engine.podman()) {
            return new Networks(engine, config, runner, proxy, Kind.OWN_NETWORK);
        }
        // Not the name of an open one, which an earlier life with another configuration may have left.
        String name = "flujo-" + runner + (listed ? "-inside" : "");
        engine.network(name, runner, listed);
        Networks networks = new Networks(engine, config, runner, proxy, name);
        networks.open(name);
        return networks;
    }

    /** The network of jobs without services, as a {@link Kind} names it. */
    String common() {
        return common;
    }

    /** The name of the network of a job without services. */
    String of(String mark) {
        return common.equals(Kind.OWN_NETWORK) ? ContainerOrder.name(mark) : common;
    }

    /** Makes the network of all that has this mark. */
    void make(String mark) throws IOException {
        engine.network(ContainerOrder.name(mark), runner, mark, config.network() == Egress.OPEN);
    }

    /** Has those in a network reach the proxy, if there is one; also after the runner was away. Somebody has to be in it. */
    void open(String network) throws IOException {
        if (proxy.isEmpty()) {
            return;
        }
        String gateway = engine.gateway(network);
        gateways.put(network, gateway);
        try {
            proxy.get().open(InetAddress.getByName(gateway), config.proxyPort());
        } catch (IOException e) {
            throw new IOException(
                    "Expected to listen for jobs at " + gateway + ":" + config.proxyPort()
                            + ", as flujo.runner.docker.network"
                            + "=allow wants, but " + e.getMessage()
                            + "; the runner has to be on the engine's machine, and not"
                            + " in a container with another network than the machine's",
                    e);
        }
    }

    /** The environment of a job in this network, which reaches these services without a proxy. */
    Map<String, String> environment(Map<String, String> environment, String network, Collection<String> services) {
        if (proxy.isEmpty()) {
            return environment;
        }
        return ProxyVariables.in(environment, "http://" + gateways.get(network) + ":" + config.proxyPort(), services);
    }

    @Override
    public void close() {
        proxy.ifPresent(EgressProxy::close);
        try {
            if (!common.equals(Kind.NO_NETWORK) && !common.equals(Kind.OWN_NETWORK)) {
                engine.removeNetwork(common);
            }
        } catch (IOException e) {
            LOG.debugf("the network is kept for the jobs that go on: %s", e.getMessage());
        }
    }
}
