package dev.flujo.runner.egress;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The variables by which programs know that they reach hosts by a proxy, as curl, git and most others read them. */
public final class ProxyVariables {

    private static final List<String> PROXY = List.of("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY");
    private static final List<String> EXCEPTIONS = List.of("no_proxy", "NO_PROXY");

    private ProxyVariables() {}

    /**
     * An environment with them, unless it says something else.
     *
     * @param near what is reached without the proxy, beside the job itself
     */
    public static Map<String, String> in(Map<String, String> environment, String proxy, Collection<String> near) {
        Map<String, String> all = new LinkedHashMap<>(environment);
        PROXY.forEach(name -> all.putIfAbsent(name, proxy));
        String here = near.isEmpty() ? "localhost,127.0.0.1" : "localhost,127.0.0.1," + String.join(",", near);
        EXCEPTIONS.forEach(name -> all.putIfAbsent(name, here));
        return all;
    }
}
