package dev.flujo.runner.executor.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.Work;
import dev.flujo.event.plan.Placement;
import dev.flujo.event.plan.Service;
import dev.flujo.event.plan.Step;
import dev.flujo.runner.AttemptDirectory;
import dev.flujo.runner.Works;
import dev.flujo.runner.executor.Execution;
import dev.flujo.runner.executor.Execution.Transition;
import dev.flujo.runner.executor.RefusedException;
import dev.flujo.runner.executor.docker.TestEngine;
import dev.flujo.stack.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Jobs in pods with services beside them, which a real API server has admitted and a real engine executes. */
@Timeout(90)
class PodServicesIT {

    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final Duration LONG = Duration.ofMinutes(1);

    @TempDir
    private Path root;

    private AttemptDirectory directory;
    private TestKubernetes kubernetes;
    private KubernetesExecutor executor;

    @BeforeEach
    void make() throws IOException {
        directory = new AttemptDirectory(root.resolve("attempt"));
        directory.make();
        kubernetes = TestKubernetes.open(root.getParent());
        executor = new KubernetesExecutor(
                kubernetes.config(Map.of("claim-directory", root.getFileName().toString())),
                root,
                "runner-test-" + UUID.randomUUID());
    }

    @AfterEach
    void leaveNothing() throws IOException {
        if (executor != null) {
            executor.close();
        }
        if (kubernetes != null) {
            kubernetes.close();
        }
    }

    @Test
    void areReachedByTheirNamesOnceTheyAreReady() throws Exception {
        Map<String, Service> services = new LinkedHashMap<>();
        services.put("web", service(server(8080), new Service.Ready(none(), Optional.of("/"), 8080, EVERY, LONG)));
        services.put("DB", service(server(8081), new Service.Ready(none(), none(), 8081, EVERY, LONG)));
        services.put(
                "cache",
                service(
                        "sleep 0.3; touch /tmp/up; sleep 1000",
                        new Service.Ready(Optional.of("test -e /tmp/up"), none(), 0, EVERY, LONG)));
        Work work = work(
                "for at in web/8080 DB/8081; do exec 3<>/dev/tcp/$at; printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3; "
                        + "head -n 1 <&3; done",
                services);

        Execution execution = begin(work);
        assertInstanceOf(Transition.StepBegan.class, execution.next());
        Transition.StepEnded ended = assertInstanceOf(Transition.StepEnded.class, execution.next());

        String seen = Files.readString(directory.output(0));
        assertEquals(0, ended.exitCode(), seen);
        assertEquals("HTTP/1.1 200 OK\r\nHTTP/1.1 200 OK\r\n", seen);
        execution.stop(Duration.ofSeconds(1));
        executor.release(work);
        assertTrue(Await.until(LONG, () -> kubernetes.pods().isEmpty()));
    }

    @Test
    void whatEndsBeforeItIsReadyEndsTheJobWithItsLastWords() {
        Work work = work("echo never", Map.of("db", waited("echo no room for tables; exit 3", LONG)));

        RefusedException refused = assertThrows(RefusedException.class, () -> executor.prepare(work, () -> false));

        assertEquals(
                "Expected the service 'db' to be ready, but it has ended with 3; the last that it printed:"
                        + " no room for tables",
                refused.getMessage());
        assertTrue(Await.until(LONG, () -> kubernetes.pods().isEmpty()));
    }

    @Test
    void whatIsNotReadyInTimeEndsTheJobToo() {
        Work work = work("echo never", Map.of("db", waited("echo begins; exec sleep 1000", Duration.ofSeconds(2))));

        RefusedException refused = assertThrows(RefusedException.class, () -> executor.prepare(work, () -> false));

        assertEquals(
                "Expected the service 'db' to be ready, but it was not within 2 s; the last that it printed: begins",
                refused.getMessage());
    }

    @Test
    void areNotWaitedForOnceTheJobIsStopped() throws Exception {
        CompletableFuture<Void> stopped = new CompletableFuture<>();
        Work work = work("echo never", Map.of("db", waited("sleep 1000", LONG)));
        CompletableFuture<?> prepared = CompletableFuture.supplyAsync(() -> {
            try {
                return executor.prepare(work, stopped::isDone);
            } catch (RefusedException | IOException | InterruptedException e) {
                throw new CompletionException(e);
            }
        });
        assertTrue(Await.until(LONG, () -> !kubernetes.pods().isEmpty()));

        stopped.complete(null);

        assertEquals(Optional.empty(), prepared.get());
        assertTrue(Await.until(LONG, () -> kubernetes.pods().isEmpty()));
    }

    @Test
    void anImageThatIsNotThereIsNamed() {
        Service nowhere = new Service("flujo.example/no-such-image:1", Map.of(), none(), Optional.empty());

        RefusedException refused = assertThrows(
                RefusedException.class, () -> executor.prepare(work("true", Map.of("db", nowhere)), () -> false));

        assertTrue(refused.getMessage().contains("flujo.example/no-such-image:1"), refused.getMessage());
    }

    @Test
    void aNameThatNoHostCanHaveIsRefusedBeforeAnythingStarts() {
        Work work = work("true", Map.of("my_db", waited("sleep 1000", LONG)));

        RefusedException refused = assertThrows(RefusedException.class, () -> executor.prepare(work, () -> false));

        assertTrue(refused.getMessage().contains("'my_db'"), refused.getMessage());
        assertEquals(List.of(), kubernetes.pods());
    }

    @Test
    void haveNoRightsAndTheLimitsOfTheJob() throws Exception {
        Work work = work("sleep 1000", Map.of("db", service("sleep 1000", null)));

        begin(work);

        var pod = kubernetes.pods().get(0).getSpec();
        var database = pod.getInitContainers().get(0);
        assertFalse(database.getSecurityContext().getAllowPrivilegeEscalation());
        assertEquals(
                List.of("ALL"), database.getSecurityContext().getCapabilities().getDrop());
        assertEquals(pod.getContainers().get(0).getResources(), database.getResources());
        assertEquals(List.of(), database.getVolumeMounts());
    }

    private Execution begin(Work work) throws Exception {
        assertTrue(executor.prepare(work, () -> false).isPresent());
        return executor.begin(directory, work, Map.of("PATH", "/usr/bin:/bin"));
    }

    /** A service that would be ready once its port takes connections. */
    private static Service waited(String command, Duration timeout) {
        return service(command, new Service.Ready(none(), none(), 8080, EVERY, timeout));
    }

    private static Service service(String command, Service.Ready ready) {
        return new Service(TestEngine.DOCKER.image(), Map.of(), Optional.of(command), Optional.ofNullable(ready));
    }

    private static Work work(String script, Map<String, Service> services) {
        return Works.of(
                List.of(new Step("only", script, Map.of())),
                new Placement(none(), List.of(), 0, Optional.empty(), none(), services, Optional.empty()));
    }

    /** Answers each request with 200. */
    private static String server(int port) {
        return "exec perl -MIO::Socket::INET -e '$s=IO::Socket::INET->new(LocalPort=>" + port
                + ",Listen=>5,ReuseAddr=>1);while($c=$s->accept){sysread $c,$b,4096;"
                + "print $c qq{HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\nConnection: close\\r\\n\\r\\n};close $c}'";
    }

    private static Optional<String> none() {
        return Optional.empty();
    }
}
