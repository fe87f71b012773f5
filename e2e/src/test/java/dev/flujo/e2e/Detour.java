package dev.flujo.e2e;

import dev.flujo.stack.Await;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A bad network before a server: everything takes a while each way, and some answers never come. The server has then done what
 * it was asked for, and who asked finds its connection cut. Or nothing comes through at all.
 */
final class Detour implements AutoCloseable {

    private static final int CHUNK = 64 * 1024;
    private static final Duration LOOK = Duration.ofMillis(20);

    private final ServerSocket listening;
    private final int target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger cut = new AtomicInteger();
    private volatile Duration delay = Duration.ZERO;
    private volatile boolean cutOff;
    private volatile BooleanSupplier losesAnswer = () -> false;

    /** What is under way, and when it arrives; the last one is nothing but the end of the connection. */
    private record Chunk(ByteBuffer bytes, long due, boolean last) {}

    private Detour(ServerSocket listening, int target) {
        this.listening = listening;
        this.target = target;
    }

    /** Listens at a port of this machine, and passes on to another one of it. */
    static Detour open(int port, int target) {
        try {
            Detour detour = new Detour(new ServerSocket(port, 100, InetAddress.getLoopbackAddress()), target);
            start("detour-" + port, detour::accept);
            return detour;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Detour to(int target) {
        return open(Await.freePort(), target);
    }

    String address() {
        return "127.0.0.1:" + listening.getLocalPort();
    }

    /** Everything takes so long from now on, each way. */
    void delay(Duration oneWay) {
        delay = oneWay;
    }

    /** Nothing arrives any more on either side, until it does again; nobody is told. */
    void cutOff(boolean now) {
        cutOff = now;
    }

    /** Asked for each piece of an answer whether it, and its connection with it, is lost. */
    void loseAnswers(BooleanSupplier chance) {
        losesAnswer = chance;
    }

    /** How many connections were cut instead of an answer. */
    int cut() {
        return cut.get();
    }

    @Override
    public void close() {
        end(listening);
        open.forEach(Detour::end);
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                connect(listening.accept());
            } catch (IOException e) {
                // Closed, or the server is away: who connects sees it.
            }
        }
    }

    private void connect(Socket client) throws IOException {
        open.add(client);
        Socket server;
        try {
            server = new Socket(InetAddress.getLoopbackAddress(), target);
        } catch (IOException e) {
            drop(client);
            throw e;
        }
        open.add(server);
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        carry(client, server, () -> false);
        carry(server, client, () -> losesAnswer.getAsBoolean());
    }

    private void carry(Socket from, Socket to, BooleanSupplier loses) {
        BlockingQueue<Chunk> underWay = new LinkedBlockingQueue<>();
        start("detour-reads", () -> {
            read(from, loses, underWay);
            underWay.add(new Chunk(ByteBuffer.allocate(0), System.nanoTime(), true));
        });
        start("detour-writes", () -> {
            write(underWay, to);
            drop(from);
            drop(to);
        });
    }

    private void read(Socket from, BooleanSupplier loses, BlockingQueue<Chunk> underWay) {
        byte[] buffer = new byte[CHUNK];
        try {
            InputStream in = from.getInputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                if (loses.getAsBoolean()) {
                    cut.incrementAndGet();
                    return;
                }
                ByteBuffer bytes = ByteBuffer.wrap(Arrays.copyOf(buffer, count));
                underWay.add(new Chunk(bytes, System.nanoTime() + delay.toNanos(), false));
            }
        } catch (IOException e) {
            // The end of the connection, as far as the other side can tell.
        }
    }

    private void write(BlockingQueue<Chunk> underWay, Socket to) {
        try {
            OutputStream out = to.getOutputStream();
            for (Chunk chunk = underWay.take(); !chunk.last(); chunk = underWay.take()) {
                for (long left = chunk.due() - System.nanoTime(); left > 0; left = chunk.due() - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                while (cutOff) {
                    LockSupport.parkNanos(LOOK.toNanos());
                }
                out.write(chunk.bytes().array());
                out.flush();
            }
        } catch (IOException e) {
            // The same, in the other direction.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void drop(Socket socket) {
        open.remove(socket);
        end(socket);
    }

    private static void end(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception e) {
            throw new IllegalStateException("Expected a socket to close", e);
        }
    }

    private static void start(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }
}
