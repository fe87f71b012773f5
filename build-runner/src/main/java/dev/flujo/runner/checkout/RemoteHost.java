package dev.flujo.runner.checkout;

import dev.flujo.runner.egress.NameService;
import dev.flujo.runner.egress.PublicAddresses;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The host of a repository with the addresses that were looked up and checked, once: git connects to those and asks no name
 * server itself, so a name that leads elsewhere a moment later leads nobody there.
 */
record RemoteHost(String transport, String name, int port, List<InetAddress> addresses) {

    private static final Pattern URL =
            Pattern.compile("(https|ssh)://(?:[^/@]*@)?(\\[[^\\]/]*\\]|[^/:@\\[\\]]+)(?::([0-9]{1,5}))?/.*");
    private static final Pattern NAME = Pattern.compile(
            "(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)*[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?");
    private static final Pattern DIGITS =
            Pattern.compile("(?:0|[1-9][0-9]{0,2})(?:\\.(?:0|[1-9][0-9]{0,2})){3}|\\[[0-9A-Fa-f:.]+\\]");
    static final int HTTPS = 443;
    private static final int SSH = 22;

    RemoteHost {
        addresses = List.copyOf(addresses);
    }

    /** Looks the host of a URL up; refuses one that leads into a private network, unless it is named as one that may. */
    static RemoteHost of(String url, NameService names, Set<String> mayBePrivate) throws CheckoutException {
        Matcher matcher = URL.matcher(url);
        if (!matcher.matches()) {
            throw new CheckoutException("Expected https://host/path or ssh://host/path, but found '" + url + "'");
        }
        String host = matcher.group(2);
        if (!NAME.matcher(host).matches() && !DIGITS.matcher(host).matches()) {
            throw new CheckoutException(
                    "Expected the name of a host, or an address as it is usually written, but found '" + host + "'");
        }
        List<InetAddress> addresses = addresses(host, names);
        for (InetAddress address : addresses) {
            if (!PublicAddresses.include(address) && !mayBePrivate.contains(host)) {
                throw new CheckoutException("Expected a public repository, but " + host + " is "
                        + address.getHostAddress()
                        + ", which is none of a public host; an operator can name it in flujo.runner.private-hosts");
            }
        }
        int usual = matcher.group(1).equals("https") ? HTTPS : SSH;
        int port = matcher.group(3) == null ? usual : Integer.parseInt(matcher.group(3));
        return new RemoteHost(matcher.group(1), host, port, addresses);
    }

    private static List<InetAddress> addresses(String host, NameService names) throws CheckoutException {
        try {
            List<InetAddress> found = names.addresses(host.replaceAll("[\\[\\]]", ""));
            if (!found.isEmpty()) {
                return found;
            }
        } catch (UnknownHostException e) {
            // Said below, as for a name without addresses.
        }
        throw new CheckoutException("Expected the repository's host " + host + " to have an address, but it has none");
    }

    /** What tells git to connect nowhere else; nothing where the host is an address itself. */
    List<String> options() {
        if (!transport.equals("https") || DIGITS.matcher(name).matches()) {
            return List.of();
        }
        String all = addresses.stream().map(RemoteHost::written).collect(Collectors.joining(","));
        return List.of("-c", "http.curloptResolve=" + name + ":" + port + ":" + all);
    }

    /** What tells ssh the same; the host's key is still that of its name. */
    String sshOptions() {
        return " -oHostName=" + addresses.get(0).getHostAddress() + " -oHostKeyAlias=" + name.replaceAll("[\\[\\]]", "")
                + " -oCheckHostIP=no";
    }

    private static String written(InetAddress address) {
        String text = address.getHostAddress();
        return text.contains(":") ? "[" + text + "]" : text;
    }
}
