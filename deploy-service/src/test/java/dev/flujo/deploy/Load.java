package dev.flujo.deploy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/** Users who ask the same address again and again, each some milliseconds after it was answered; counts every answer. */
public final class Load implements AutoCloseable {

    private static final int USERS = 6;

    /** Between two requests of a user, so that who is deployed meanwhile has a share of the machine. */
    private static final Duration PAUSE = Duration.ofMillis(5);

    /** Where it is enough that somebody always asks. */
    private static final Duration LONG_PAUSE = Duration.ofMillis(50);

    private final URI address;
    private final Duration pause;
    private final Map<String, AtomicLong> answers = new ConcurrentHashMap<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final List<Thread> users;
    private volatile boolean stopping;

    /** Begins at once. */
    public Load(String address) {
        this(address, PAUSE);
    }

    /** Users who ask less often, but always one of them; they begin at once. */
    static Load light(String address) {
        return new Load(address, LONG_PAUSE);
    }

    private Load(String address, Duration pause) {
        this.address = URI.create(address);
        this.pause = pause;
        this.users = IntStream.range(0, USERS)
                .mapToObj(user -> new Thread(() -> ask(user), "user-" + user))
                .toList();
        users.forEach(Thread::start);
    }

    /** How often this text was answered. */
    public long answered(String text) {
        AtomicLong count = answers.get(text);
        return count == null ? 0 : count.get();
    }

    /** Requests without an answer, or with another one than 200. */
    public List<String> failures() {
        return List.copyOf(failures);
    }

    @Override
    public void close() {
        stopping = true;
        for (Thread user : users) {
            try {
                user.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void ask(int user) {
        HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .build();
        URI uri = user == 0 ? address.resolve("/slow") : address;
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20));
        if (user == 1) {
            request.POST(HttpRequest.BodyPublishers.ofString("order"));
        }
        HttpRequest same = request.build();
        while (!stopping) {
            try {
                HttpResponse<String> answer = http.send(same, HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() == 200) {
                    answers.computeIfAbsent(answer.body(), text -> new AtomicLong())
                            .incrementAndGet();
                } else {
                    failures.add(same.method() + " " + uri + ": " + answer.statusCode() + " " + answer.body());
                }
            } catch (IOException e) {
                failures.add(same.method() + " " + uri + ": " + e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            LockSupport.parkNanos(pause.toNanos());
        }
    }
}
