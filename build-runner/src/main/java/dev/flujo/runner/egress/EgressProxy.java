package dev.flujo.runner.egress;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.jboss.logging.Logger;

/**
 * An HTTP proxy that connects to allowed hosts only, at addresses that it looks up and checks itself: a name that leads into a
 * private network leads nowhere, unless it is named as one that may.
 */
public final class EgressProxy implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(EgressProxy.class);
    private static final Duration TO_ASK = Duration.ofSeconds(30);
    private static final Duration TO_CONNECT = Duration.ofSeconds(10);
    private static final int MOST_CONNECTIONS = 512;

    private final AllowedHosts allowed;
    private final Set<String> mayBePrivate;
    private final NameService names;
    private final Map<InetAddress, ServerSocket> doors = new ConcurrentHashMap<>();
    private final Semaphore room = new Semaphore(MOST_CONNECTIONS);
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "egress");
        thread.setDaemon(true);
        return thread;
    });

    public EgressProxy(AllowedHosts allowed, Set<String> mayBePrivate, NameService names) {
        this.allowed = allowed;
        this.mayBePrivate = Set.copyOf(mayBePrivate);
        this.names = names;
    }

    /** Listens at an address too, if it does not yet; gives the port, which is this one unless that is 0. */
    public int open(InetAddress at, int port) throws IOException {
        ServerSocket known = doors.get(at);
        if (known != null) {
            return known.getLocalPort();
        }
        ServerSocket door = new ServerSocket();
        door.setReuseAddress(true);
        door.bind(new InetSocketAddress(at, port));
        doors.put(at, door);
        threads.execute(() -> accept(door));
        return door.getLocalPort();
    }

    @Override
    public void close() {
        doors.values().forEach(EgressProxy::close);
        threads.shutdownNow();
    }

    private void accept(ServerSocket door) {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                if (room.tryAcquire()) {
                    threads.execute(() -> serve(client));
                } else {
                    close(client);
                }
            } catch (IOException e) {
                LOG.tracef("%s", e);
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            client.setSoTimeout(Math.toIntExact(TO_ASK.toMillis()));
            InputStream in = new BufferedInputStream(client.getInputStream());
            ProxyRequest request;
            try {
                request = ProxyRequest.read(in);
            } catch (IOException e) {
                answer(client, "400 Bad Request", e.getMessage());
                return;
            }
            serve(request, in, client);
        } catch (IOException e) {
            LOG.tracef("%s", e);
        } finally {
            room.release();
        }
    }

    private void serve(ProxyRequest request, InputStream in, Socket client) throws IOException {
        String host = request.host() + ":" + request.port();
        if (!allowed.allow(request.host(), request.port())) {
            LOG.infof("kept a job from %s", host);
            answer(
                    client,
                    "403 Forbidden",
                    "Expected a host that jobs may reach, but " + host + " is none of them; an operator can name it in "
                            + allowed.setting());
            return;
        }
        try (Socket server = connected(request)) {
            client.setSoTimeout(0);
            if (request.tunnel()) {
                client.getOutputStream()
                        .write("HTTP/1.1 200 Connection established\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            } else {
                server.getOutputStream().write(request.head().getBytes(StandardCharsets.ISO_8859_1));
            }
            threads.execute(() -> pass(in, server, client));
            pass(server.getInputStream(), client, server);
        } catch (Unreachable e) {
            answer(client, "502 Bad Gateway", e.getMessage());
        }
    }

    /** A host that is allowed, but not there. */
    private static final class Unreachable extends Exception {

        private static final long serialVersionUID = 1;

        Unreachable(String message) {
            super(message);
        }
    }

    private Socket connected(ProxyRequest request) throws Unreachable {
        String host = request.host();
        try {
            List<InetAddress> addresses = names.addresses(host);
            for (InetAddress address : addresses) {
                if (!PublicAddresses.include(address) && !mayBePrivate.contains(host)) {
                    throw new Unreachable("Expected a public host, but " + host + " is " + address.getHostAddress()
                            + "; an operator can name it in flujo.runner.private-hosts");
                }
            }
            return connected(addresses, request.port());
        } catch (UnknownHostException e) {
            throw new Unreachable("Expected " + host + " to have an address, but it has none");
        } catch (IOException e) {
            throw new Unreachable("Expected to connect to " + host + ":" + request.port() + ", but " + e.getMessage());
        }
    }

    private static Socket connected(List<InetAddress> addresses, int port) throws IOException {
        IOException failure = new IOException("it has no address");
        for (InetAddress address : addresses) {
            Socket socket = new Socket();
            try {
                socket.connect(new InetSocketAddress(address, port), Math.toIntExact(TO_CONNECT.toMillis()));
                return socket;
            } catch (IOException e) {
                close(socket);
                failure = e;
            }
        }
        throw failure;
    }

    /** Passes on what comes until it ends; what is cut off ends both ways. */
    private static void pass(InputStream from, Socket to, Socket other) {
        try {
            from.transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            close(to);
            close(other);
        }
    }

    private static void answer(Socket client, String status, String text) throws IOException {
        byte[] body = (text + "\n").getBytes(StandardCharsets.UTF_8);
        OutputStream out = client.getOutputStream();
        out.write(("HTTP/1.1 " + status + "\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n"
                        + "Content-Length: " + body.length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        out.write(body);
        out.flush();
    }

    private static void close(java.io.Closeable socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.tracef("%s", e);
        }
    }
}
