package dev.flujo.runner.egress;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The hosts that jobs may reach: names, or all names below one ({@code *.example.org}), each at a port or at those of the web.
 *
 * @param setting where an operator names them
 */
public record AllowedHosts(String setting, List<Entry> entries) {

    private static final Pattern ENTRY = Pattern.compile(
            "(\\*\\.)?([A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*)"
                    + "(?::([1-9][0-9]{0,4}))?");
    private static final Set<Integer> WEB = Set.of(80, 443);

    /** Every host, at every port. */
    public static final AllowedHosts ALL = new AllowedHosts("", List.of(new Entry(true, "", 0)));

    /** One of them, or all without a name; port 0 stands for those of the web. */
    record Entry(boolean below, String name, int port) {

        boolean allows(String host, int asked) {
            if (name.isEmpty()) {
                return true;
            }
            boolean named = below ? host.endsWith("." + name) : host.equals(name);
            return named && (port == 0 ? WEB.contains(asked) : port == asked);
        }
    }

    public AllowedHosts {
        entries = List.copyOf(entries);
    }

    /**
     * Those of a configuration.
     *
     * @throws IllegalArgumentException if one is no host
     */
    public static AllowedHosts of(String setting, List<String> texts) {
        List<Entry> entries = new ArrayList<>();
        for (String text : texts) {
            Matcher matcher = ENTRY.matcher(text.strip());
            if (!matcher.matches()) {
                throw new IllegalArgumentException("Expected hosts such as repo.example.org, *.example.org or"
                        + " git.example.org:8443 in " + setting + ", but found '" + text + "'");
            }
            entries.add(new Entry(
                    matcher.group(1) != null,
                    matcher.group(2).toLowerCase(Locale.ROOT),
                    matcher.group(3) == null ? 0 : Integer.parseInt(matcher.group(3))));
        }
        return new AllowedHosts(setting, entries);
    }

    boolean allow(String host, int port) {
        String name = host.toLowerCase(Locale.ROOT);
        return entries.stream().anyMatch(entry -> entry.allows(name, port));
    }
}
