package dev.flujo.pipeline.source;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Which texts are hosts that may be connected to: names, and canonical addresses of the public internet. */
final class HostName {

    private static final Pattern NAME = Pattern.compile(
            "([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)*[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?");
    private static final Pattern QUAD = Pattern.compile("(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}");
    private static final Pattern SIX = Pattern.compile("\\[[0-9a-fA-F:.]+\\]");

    private HostName() {}

    static Optional<String> refusal(String host) {
        if (SIX.matcher(host).matches() || QUAD.matcher(host).matches()) {
            return refusalOfAddress(host);
        }
        if (host.length() > 253 || !NAME.matcher(host).matches()) {
            return Optional.of("its host is neither a name nor an address in its usual form");
        }
        String name = host.toLowerCase(Locale.ROOT);
        return name.equals("localhost") || name.endsWith(".localhost") || name.endsWith(".internal")
                ? Optional.of("its host is this machine or a service of the platform")
                : Optional.empty();
    }

    /** Addresses in digits are read without asking anybody. */
    private static Optional<String> refusalOfAddress(String host) {
        try {
            InetAddress address = InetAddress.getByName(host);
            return Networks.forbidden(address.getAddress())
                    ? Optional.of("its host is an address inside a network, not of the public internet")
                    : Optional.empty();
        } catch (UnknownHostException e) {
            return Optional.of("its host is no address");
        }
    }
}
