package dev.flujo.stack.kubernetes;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;

/**
 * Stands between a client and an API server: one request per connection, passed on, or answered as a test wants. What comes
 * back as WebSocket or watch is passed on as long as it lasts, and can be cut.
 */
public final class FaultyApi implements AutoCloseable {

    private final URI server;
    private final SSLContext trust;
    private final ServerSocket socket;
    private final Queue<Rule> rules = new ConcurrentLinkedQueue<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final java.util.Set<Socket> streams = ConcurrentHashMap.newKeySet();
    private volatile boolean away;
    private final java.util.Map<String, byte[]> remembered = new ConcurrentHashMap<>();

    /** What becomes of the next request that it is for. */
    private record Rule(Predicate<String> request, Fault fault) {}

    private enum Fault {
        TOO_MANY,
        BROKEN,
        NO_REPLY,
        OLD_ANSWER
    }

    FaultyApi(String server, byte[] certificate) {
        try {
            this.server = URI.create(server);
            this.trust = KubeConfig.trusting(certificate);
            this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start("faulty-api", this::accept);
    }

    public String address() {
        return "http://127.0.0.1:" + socket.getLocalPort();
    }

    /** The next such request gets 429, and is to come again after a moment. */
    public FaultyApi tooMany(Predicate<String> request) {
        return rule(request, Fault.TOO_MANY);
    }

    /** The next such request gets 500, and is not executed. */
    public FaultyApi broken(Predicate<String> request) {
        return rule(request, Fault.BROKEN);
    }

    /** The next such request is executed, and its answer lost. */
    public FaultyApi noReply(Predicate<String> request) {
        return rule(request, Fault.NO_REPLY);
    }

    /** The next such request gets the answer that it got the last time. */
    public FaultyApi oldAnswer(Predicate<String> request) {
        return rule(request, Fault.OLD_ANSWER);
    }

    /** Cuts every watch. */
    public void cutWatches() {
        streams.forEach(FaultyApi::close);
    }

    /** From now on nobody is answered, and no watch goes on, until it comes back. */
    public void goAway() {
        away = true;
        cutWatches();
    }

    /** Answers again. */
    public void comeBack() {
        away = false;
    }

    /** How many watches there are. */
    public int watches() {
        return streams.size();
    }

    /** Whether all the faults have happened. */
    public boolean exhausted() {
        return rules.isEmpty();
    }

    /** What was asked so far: method and address. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cutWatches();
    }

    private FaultyApi rule(Predicate<String> request, Fault fault) {
        rules.add(new Rule(request, fault));
        return this;
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                start("faulty-api-request", () -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            InputStream in = client.getInputStream();
            String head = head(in);
            if (head.isEmpty() || away) {
                return;
            }
            String request = head.substring(0, head.indexOf(" HTTP/1.1"));
            byte[] body = in.readNBytes(length(head));
            requests.add(request);
            boolean stream = head.toLowerCase(java.util.Locale.ROOT).contains("upgrade: websocket")
                    || request.contains("watch=true");
            answer(client, request, stream ? head : closing(head), body, stream);
        } catch (IOException ended) {
            requests.add("ended: " + ended.getMessage());
        }
    }

    private void answer(Socket client, String request, String head, byte[] body, boolean stream) throws IOException {
        Fault fault = rules.stream()
                .filter(rule -> rule.request().test(request))
                .findFirst()
                .filter(rules::remove)
                .map(Rule::fault)
                .orElse(null);
        OutputStream out = client.getOutputStream();
        if (fault == Fault.TOO_MANY || fault == Fault.BROKEN) {
            out.write(refusal(fault));
            return;
        }
        if (fault == Fault.OLD_ANSWER && remembered.containsKey(request)) {
            out.write(remembered.get(request));
            return;
        }
        try (Socket upstream = trust.getSocketFactory().createSocket(server.getHost(), server.getPort())) {
            upstream.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
            upstream.getOutputStream().write(body);
            upstream.getOutputStream().flush();
            if (stream) {
                passOn(client, upstream);
                return;
            }
            byte[] answer = upstream.getInputStream().readAllBytes();
            remembered.put(request, answer);
            if (fault != Fault.NO_REPLY) {
                out.write(answer);
            }
        }
    }

    private void passOn(Socket client, Socket upstream) throws IOException {
        streams.add(upstream);
        start("faulty-api-stream", () -> {
            try {
                client.getInputStream().transferTo(upstream.getOutputStream());
            } catch (IOException ended) {
                close(upstream);
            }
        });
        try {
            upstream.getInputStream().transferTo(client.getOutputStream());
        } finally {
            streams.remove(upstream);
        }
    }

    private static byte[] refusal(Fault fault) {
        String status =
                fault == Fault.TOO_MANY ? "429 Too Many Requests\r\nRetry-After: 1" : "500 Internal Server Error";
        String body =
                "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"message\":\"of the test\",\"code\":"
                        + status.substring(0, 3) + "}";
        return ("HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "
                        + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String closing(String head) {
        return head.replaceFirst("\r\n\r\n$", "\r\nConnection: close\r\n\r\n");
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int matched = 0;
        while (matched < 4) {
            int next = in.read();
            if (next < 0) {
                return "";
            }
            head.write(next);
            matched = next == "\r\n\r\n".charAt(matched) ? matched + 1 : next == '\r' ? 1 : 0;
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    private static int length(String head) {
        return head.lines()
                .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:"))
                .map(line ->
                        Integer.parseInt(line.substring(line.indexOf(':') + 1).strip()))
                .findFirst()
                .orElse(0);
    }

    private static void start(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
