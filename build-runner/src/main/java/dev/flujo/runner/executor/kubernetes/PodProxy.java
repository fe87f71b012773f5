package dev.flujo.runner.executor.kubernetes;

import dev.flujo.event.Work;
import dev.flujo.runner.egress.ProxyVariables;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.Optional;

/** The proxy of the cluster by which pods reach hosts that they are allowed to. */
record PodProxy(URI url) {

    /** That which is configured, where pods need one. */
    static Optional<PodProxy> of(KubernetesConfig config) {
        if (config.network() != KubernetesConfig.Egress.ALLOW) {
            return Optional.empty();
        }
        URI url = config.proxy()
                .orElseThrow(
                        () -> new IllegalArgumentException("Expected flujo.runner.kubernetes.proxy to name the proxy"
                                + " that flujo.runner.kubernetes.network=allow needs, such as http://job-egress:3128, but it"
                                + " is not set"));
        if (!"http".equals(url.getScheme()) || url.getHost() == null || url.getPort() < 0) {
            throw new IllegalArgumentException(
                    "Expected flujo.runner.kubernetes.proxy as http://host:port, but found '" + url + "'");
        }
        return Optional.of(new PodProxy(url));
    }

    /** The environment of a job whose pod asks nobody for names: the proxy is told by its address. */
    Map<String, String> in(Map<String, String> environment, Work work) throws IOException {
        return ProxyVariables.in(
                environment,
                "http://" + address() + ":" + url.getPort(),
                work.job().placement().services().keySet());
    }

    private String address() throws IOException {
        try {
            String address = InetAddress.getByName(url.getHost()).getHostAddress();
            return address.contains(":") ? "[" + address + "]" : address;
        } catch (UnknownHostException e) {
            throw new IOException(
                    "Expected the proxy of jobs, " + url.getHost() + ", to have an address, but it has none", e);
        }
    }
}
