package dev.flujo.runner.egress;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a client asks a proxy for: a tunnel to a host, or one request to it.
 *
 * @param head what is sent on to the host first; nothing of a tunnel
 */
record ProxyRequest(boolean tunnel, String host, int port, String head) {

    private static final int LONGEST_HEAD = 16 * 1024;
    private static final Pattern CONNECT = Pattern.compile("CONNECT ([^\\s:/]+):([0-9]{1,5}) HTTP/1\\.[01]");
    private static final Pattern ABSOLUTE =
            Pattern.compile("([A-Z]+) http://([^\\s:/@]+)(?::([0-9]{1,5}))?(/\\S*)? (HTTP/1\\.[01])");
    private static final Set<String> OF_THIS_HOP =
            Set.of("connection", "proxy-connection", "proxy-authorization", "keep-alive");
    private static final int HTTP = 80;

    /**
     * Reads the head of a request.
     *
     * @throws IOException if what comes is none that a proxy is sent
     */
    static ProxyRequest read(InputStream in) throws IOException {
        List<String> lines = head(in).lines().toList();
        String first = lines.isEmpty() ? "" : lines.get(0);
        Matcher connect = CONNECT.matcher(first);
        if (connect.matches()) {
            return new ProxyRequest(true, connect.group(1), Integer.parseInt(connect.group(2)), "");
        }
        Matcher absolute = ABSOLUTE.matcher(first);
        if (!absolute.matches()) {
            throw new IOException("Expected CONNECT host:port or GET http://host/path, but found '" + first + "'");
        }
        int port = absolute.group(3) == null ? HTTP : Integer.parseInt(absolute.group(3));
        String path = absolute.group(4) == null ? "/" : absolute.group(4);
        StringBuilder passed = new StringBuilder(absolute.group(1) + " " + path + " " + absolute.group(5) + "\r\n");
        for (String line : lines.subList(1, lines.size())) {
            String name =
                    line.substring(0, Math.max(0, line.indexOf(':'))).strip().toLowerCase(Locale.ROOT);
            if (!line.isEmpty() && !OF_THIS_HOP.contains(name)) {
                passed.append(line).append("\r\n");
            }
        }
        // The next request on this connection could be for another host.
        return new ProxyRequest(
                false,
                absolute.group(2),
                port,
                passed.append("Connection: close\r\n\r\n").toString());
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int last = 0;
        while (head.size() < LONGEST_HEAD) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("Expected a request, but the connection ended in its head");
            }
            head.write(next);
            last = last << 8 | next;
            if (last == 0x0d0a0d0a) {
                return head.toString(StandardCharsets.ISO_8859_1);
            }
        }
        throw new IOException("Expected the head of a request in " + LONGEST_HEAD + " bytes, but it is longer");
    }
}
