package dev.flujo.runner.executor.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.flujo.event.Work;
import dev.flujo.event.plan.Condition;
import dev.flujo.event.plan.Placement;
import dev.flujo.event.plan.Service;
import dev.flujo.event.plan.Step;
import dev.flujo.runner.AttemptDirectory;
import dev.flujo.runner.Works;
import dev.flujo.runner.executor.Execution;
import dev.flujo.runner.executor.Execution.Transition;
import dev.flujo.runner.executor.JobExecutor;
import dev.flujo.runner.executor.JobExecutorContract;
import dev.flujo.runner.executor.RefusedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Jobs in containers of a real engine. */
class DockerExecutorIT extends JobExecutorContract {

    private static final Map<String, String> ENVIRONMENT = Map.of("PATH", "/usr/bin:/bin");
    private static final Duration EVERY = Duration.ofMillis(100);
    private static final Duration LONG = Duration.ofMinutes(1);

    /** An HTTP server in Perl, which images of Debian have. */
    private static final String SERVER = "exec perl -MIO::Socket::INET -e '"
            + "$s=IO::Socket::INET->new(LocalPort=>8080,Listen=>5,ReuseAddr=>1);while($c=$s->accept){sysread $c,$b,4096;"
            + "print $c qq{HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\nConnection: close\\r\\n\\r\\n};close $c}'";

    private final List<DockerExecutor> made = new ArrayList<>();
    private final String runner = "test-" + UUID.randomUUID();

    /** The one whose containers they are. */
    TestEngine engine() {
        return TestEngine.DOCKER;
    }

    @Override
    protected JobExecutor executor(Path root) throws IOException {
        return executor(root, Map.of());
    }

    private DockerExecutor executor(Path root, Map<String, String> config) throws IOException {
        DockerExecutor fresh = new DockerExecutor(engine().config(config), root, runner, Set.of("localhost"));
        made.add(fresh);
        return fresh;
    }

    @AfterEach
    void leaveNothing() throws IOException {
        try (Engine engine = new Engine(engine().host())) {
            made.forEach(DockerExecutor::close);
            for (String mark : engine.marks(runner)) {
                engine.remove(mark);
            }
            engine.removeNetwork(ContainerOrder.name(runner));
        }
    }

    @Test
    void runsStepsAsSomebodyWithoutAnyRight() throws Exception {
        Work work = Works.of(
                "id -u; grep -E '^(CapEff|NoNewPrivs|Seccomp):' /proc/self/status | tr -d '\\t'",
                "touch /etc/x /flujo/x /flujo/steps/x /flujo/bin/x /flujo/control/x || true; touch /tmp/x /flujo/home/x x /flujo/outputs/x",
                "ls /proc | grep -c '^[0-9]' ; ls /var/run/docker.sock; mount | grep -c ' rw.*ext4' || true");

        follow(begin(work));

        assertEquals(
                "10001\nCapEff:0000000000000000\nNoNewPrivs:1\nSeccomp:2\n", Files.readString(directory.output(0)));
        String refused = Files.readString(directory.output(1));
        assertEquals(
                5,
                refused.lines()
                        .filter(line -> line.contains("Read-only file system"))
                        .count(),
                refused);
        assertTrue(Files.exists(directory.workspace().resolve("x"))
                && Files.exists(directory.outputs().resolve("x")));
    }

    @Test
    void startsStepsElsewhereWithAnotherShellAndUnderALimit() throws Exception {
        Files.createDirectories(directory.workspace().resolve("it's"));
        Work work = Works.of(List.of(
                new Step(
                        "sh",
                        "basename \"$PWD\"; echo \"$GREETING\"",
                        Map.of("GREETING", "it's\n$HOME"),
                        placed("sh", "it's", 60)),
                new Step("slow", "sleep 30", Map.of(), placed("bash", ".", 1))));

        assertEquals(List.of("began 0", "ended 0 0", "began 1", "ended 1 124", "done"), follow(begin(work)));

        assertEquals("it's\nit's\n$HOME\n", Files.readString(directory.output(0)));
    }

    private static Step.Settings placed(String shell, String place, int seconds) {
        return new Step.Settings(
                Condition.NONE,
                false,
                Optional.of(Duration.ofSeconds(seconds)),
                Optional.of(shell),
                Optional.of(place),
                List.of(),
                List.of());
    }

    @Test
    void findsWhatLiesInTheWorkspaceAndLeavesWhatTheStepsMake() throws Exception {
        Files.createDirectories(directory.workspace().resolve("src"));
        Files.writeString(directory.workspace().resolve("src/Shop.java"), "class Shop {}");
        Work work = Works.of("tr a-z A-Z < src/Shop.java > src/made; echo 1.0 > /flujo/outputs/version");

        assertEquals(List.of("began 0", "ended 0 0", "done"), follow(begin(work)));

        assertEquals("CLASS SHOP {}", Files.readString(directory.workspace().resolve("src/made")));
        assertEquals("1.0\n", Files.readString(directory.outputs().resolve("version")));
    }

    @Test
    void sharesNothingWithTheRunnersEnvironment() throws Exception {
        follow(begin(Works.of("env | cut -d= -f1 | sort | tr '\\n' ' '")));

        assertEquals(
                "",
                Files.readString(directory.output(0))
                        .replaceAll(
                                "FLUJO_ATTEMPT_ID |GREETING |TERM |container |\\$HOME |HOME |HOSTNAME |JAVA_HOME |LANG |OLDPWD |PATH |PWD |SHLVL |_ ",
                                ""));
    }

    @Test
    void endsAStepThatDoesNotListenAndWhatItHasBegun() throws Exception {
        Execution execution = begin(Works.of("trap '' TERM; setsid sleep 1000 & echo begun > begun; sleep 1000"));
        assertInstanceOf(Transition.StepBegan.class, execution.next());
        Path begun = directory.workspace().resolve("begun");
        await(() -> Files.exists(begun));

        execution.stop(Duration.ofMillis(200));

        assertFalse(runs());
    }

    @Test
    void asksAStepBeforeItIsEnded() throws Exception {
        Execution execution =
                begin(Works.of("trap 'echo asked > asked; exit 3' TERM; echo begun > begun; sleep 1000 & wait"));
        assertInstanceOf(Transition.StepBegan.class, execution.next());
        Path begun = directory.workspace().resolve("begun");
        await(() -> Files.exists(begun));

        execution.stop(Duration.ofSeconds(20));

        assertFalse(runs());
        assertEquals("asked\n", Files.readString(directory.workspace().resolve("asked")));
    }

    @Test
    void endsWhatTheStepsHaveLeftBehind() throws Exception {
        Execution execution = begin(Works.of("setsid sleep 1001 >/dev/null 2>&1 & true"));
        assertEquals(List.of("began 0", "ended 0 0", "done"), follow(execution));

        execution.stop(Duration.ofSeconds(5));

        assertFalse(runs());
    }

    @Test
    void takesUpWhatGoesOn() throws Exception {
        Work work = Works.of("until [ -e go ]; do sleep 0.02; done", "echo second");
        begin(work);

        JobExecutor later = executor(root);
        later.keepOnly(List.of(directory));
        assertTrue(later.begun(directory));
        Execution again = later.takeUp(directory, work);
        assertInstanceOf(Transition.StepBegan.class, again.next());
        Files.writeString(directory.workspace().resolve("go"), "");

        assertEquals(List.of("ended 0 0", "began 1", "ended 1 0", "done"), follow(again));
        assertEquals("second\n", Files.readString(directory.output(1)));
    }

    @Test
    void saysThatTheStepsAreGone() throws Exception {
        Execution execution = begin(Works.of("sleep 1002"));
        assertInstanceOf(Transition.StepBegan.class, execution.next());
        try (Engine engine = new Engine(engine().host())) {
            engine.remove(directory.supervisor().orElseThrow());
        }

        assertInstanceOf(Transition.Vanished.class, execution.next());
    }

    @Test
    void removesWhatAnEarlierLifeHasLeftAndNothingThatAnAttemptGoesOnIn() throws Exception {
        await(() -> executor.waiting() == 1);
        executor = executor(root.resolve("first"), Map.of("flujo.runner.docker.ahead", "0"));
        begin(Works.of("sleep 1003"));
        assertEquals(2, marks().size());

        DockerExecutor next = executor(root.resolve("next"), Map.of("flujo.runner.docker.ahead", "0"));
        next.keepOnly(List.of(directory));

        assertEquals(List.of(directory.supervisor().orElseThrow()), marks());
        assertTrue(runs());
    }

    @Test
    void hasTheNextContainerWaitAndRemovesItWithItsRunner() throws Exception {
        await(() -> executor.waiting() == 1);
        String first = marks().get(0);
        follow(begin(Works.of("true")));

        assertEquals(first, directory.supervisor().orElseThrow());
        await(() -> executor.waiting() == 1);
        executor.close();
        assertEquals(List.of(first), marks());
    }

    @Test
    void startsAContainerForAJobThatNobodyWaitsFor() throws Exception {
        executor = executor(root.resolve("cold"), Map.of("flujo.runner.docker.ahead", "0"));

        assertEquals(List.of("began 0", "ended 0 0", "done"), follow(begin(Works.of("true"))));
    }

    @Test
    void startsTheContainerOfAJobWhileItsCheckoutGoesOn() throws Exception {
        executor = executor(root.resolve("cold"), Map.of("flujo.runner.docker.ahead", "0"));
        Work work = Works.of("true");

        executor.prepare(work, () -> false);
        await(() -> executor.waiting() == 1);
        follow(begin(work));

        assertEquals(0, executor.waiting());
    }

    @Test
    void doesNotReachAnythingWhereTheNetworkIsClosed() throws Exception {
        executor = executor(root.resolve("closed"), Map.of("flujo.runner.docker.network", "none"));

        follow(begin(Works.of("cut -d: -f1 -s /proc/net/dev | tr -d ' ' | tr '\\n' ' '")));

        assertEquals("lo ", Files.readString(directory.output(0)));
    }

    @Test
    void reachesNoOtherJob() throws Exception {
        AttemptDirectory other = new AttemptDirectory(root.resolve("other"));
        other.make();
        Execution serving = executor.begin(
                other, Works.of("awk '/flujo/ {print $1}' /etc/hosts > address; " + SERVER), ENVIRONMENT);
        Path said = other.workspace().resolve("address");
        await(() -> said.toFile().length() > 0);
        String address = Files.readString(said).strip();
        await(() -> answers(address));

        follow(begin(Works.of("timeout 3 bash -c ': <>/dev/tcp/" + address + "/8080' 2>/dev/null || echo no way")));
        serving.stop(Duration.ZERO);

        assertEquals("no way\n", output(0));
    }

    private static boolean answers(String address) {
        try (Socket socket = new Socket(address, 8080)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void endsOnlyTheJobThatTakesMoreMemoryThanItMay() throws Exception {
        Work work = Works.of("head -c 600M /dev/zero | tail > /dev/null", "never");

        List<String> seen = follow(begin(work));

        assertEquals(List.of("began 0", "ended 0 137 MEMORY", "done"), seen);
    }

    @Test
    void endsOnlyTheJobThatTakesMoreProcessesThanItMay() throws Exception {
        JobExecutor limited = executor(root, Map.of("flujo.runner.docker.pids", "64"));
        Step many = new Step(
                "many",
                "n=0; while [ $n -lt 500 ]; do sleep 300 & n=$((n + 1)); done",
                Map.of(),
                new Step.Settings(
                        Condition.NONE,
                        false,
                        Optional.empty(),
                        Optional.of("sh"),
                        Optional.empty(),
                        List.of(),
                        List.of()));
        AttemptDirectory neighbour = new AttemptDirectory(root.resolve("neighbour"));
        neighbour.make();
        Execution beside = limited.begin(
                neighbour,
                Works.of("until [ -e go ]; do sleep 0.05; done; echo well"),
                Map.of("PATH", "/usr/bin:/bin"));
        assertInstanceOf(Transition.StepBegan.class, beside.next());

        List<String> seen = follow(limited.begin(directory, Works.of(List.of(many)), ENVIRONMENT));

        assertEquals(List.of("began 0", "ended 0 2 PROCESSES", "done"), seen);
        Files.writeString(neighbour.workspace().resolve("go"), "");
        assertEquals(List.of("ended 0 0", "done"), follow(beside));
        assertEquals("well\n", Files.readString(neighbour.output(0)));
    }

    @Test
    void whatAnEarlierStepRanOutOfIsNotTheFaultOfALaterOne() throws Exception {
        Step greedy = new Step(
                "greedy",
                "head -c 600M /dev/zero | tail > /dev/null",
                Map.of(),
                new Step.Settings(
                        Condition.NONE,
                        true,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        List.of()));

        List<String> seen = follow(begin(Works.of(List.of(greedy, new Step("wrong", "exit 3", Map.of())))));

        assertEquals(List.of("began 0", "ended 0 137 MEMORY", "began 1", "ended 1 3", "done"), seen);
    }

    @Test
    void reachesOnlyHostsThatAreAllowed() throws Exception {
        HttpServer server = server();
        int port = server.getAddress().getPort();
        JobExecutor listed = executor(
                root.resolve("listed"),
                Map.of(
                        "flujo.runner.docker.network", "allow",
                        "flujo.runner.docker.allowed", "localhost:" + port,
                        "flujo.runner.docker.proxy-port", "3129"));
        try {
            List<String> seen = follow(listed.begin(directory, Works.of(asking("localhost:" + port)), ENVIRONMENT));
            assertEquals(List.of("began 0", "ended 0 0", "done"), seen, () -> output(0));
            assertEquals(
                    List.of("HTTP/1.1 200 OK", "HTTP/1.1 403 Forbidden", "no way"),
                    Files.readString(directory.output(0)).lines().toList());
            assertTrue(listed.isolation().endsWith("they reach hosts that are named, by a proxy"), listed.isolation());
        } finally {
            server.stop(0);
        }
    }

    @Test
    void aJobWithServicesReachesThemAndOnlyHostsThatAreAllowed() throws Exception {
        HttpServer server = server();
        String host = "localhost:" + server.getAddress().getPort();
        JobExecutor listed = executor(
                root.resolve("listed"),
                Map.of(
                        "flujo.runner.docker.network", "allow",
                        "flujo.runner.docker.allowed", host,
                        "flujo.runner.docker.proxy-port", "3129"));
        Map<String, Service> services = Map.of(
                "web", service(SERVER, new Service.Ready(Optional.empty(), Optional.of("/"), 8080, EVERY, LONG)));
        Step near = new Step("near", "exec 3<>/dev/tcp/web/8080; echo \"$no_proxy\"", Map.of());
        try {
            Execution execution = listed.begin(
                    directory,
                    Works.of(List.of(near, new Step("far", asking(host), Map.of())), beside(services)),
                    ENVIRONMENT);
            assertEquals(
                    List.of("began 0", "ended 0 0", "began 1", "ended 1 0", "done"),
                    follow(execution),
                    () -> output(1));
            execution.stop(Duration.ZERO);
            assertEquals("localhost,127.0.0.1,web\n", Files.readString(directory.output(0)));
            assertTrue(output(1).startsWith("HTTP/1.1 200 OK\nHTTP/1.1 403 Forbidden\nno way"), output(1));
        } finally {
            server.stop(0);
        }
    }

    /** Asks the proxy for that host and for another one, and one at an address in the internet without asking anybody. */
    private static String asking(String host) {
        return "proxy=${http_proxy#http://}; ask() { exec 3<>\"/dev/tcp/${proxy%:*}/${proxy#*:}\";"
                + " printf 'GET http://%s/ HTTP/1.1\\r\\n\\r\\n' \"$1\" >&3; head -n 1 <&3 | tr -d '\\r'; };"
                + " ask " + host + "; ask elsewhere.example;"
                + " timeout 3 bash -c ': <>/dev/tcp/192.0.2.1/80' 2>/dev/null || echo no way";
    }

    private static HttpServer server() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    private String output(int step) {
        try {
            return Files.readString(directory.output(step));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void saysWhichImageIsExecutedAndRefusesOneThatIsNotThere() throws Exception {
        assertTrue(executor.prepare(Works.of("true"), () -> false)
                .orElseThrow()
                .digest()
                .matches("sha256:[0-9a-f]{64}"));

        Work other = Works.in("flujo.example/no-such-image:1", "true");
        RefusedException refused = assertThrows(RefusedException.class, () -> executor.prepare(other, () -> false));
        assertTrue(refused.getMessage().contains("flujo.example/no-such-image:1"), refused.getMessage());
    }

    @Test
    void reachesServicesByTheirNamesOnceTheyAreReady() throws Exception {
        Map<String, Service> services = new LinkedHashMap<>();
        services.put("web", service(SERVER, new Service.Ready(Optional.empty(), Optional.of("/"), 8080, EVERY, LONG)));
        services.put("db", service(SERVER, new Service.Ready(Optional.empty(), Optional.empty(), 8080, EVERY, LONG)));
        services.put(
                "cache",
                service(
                        "sleep 0.3; touch /tmp/up; sleep 1000",
                        new Service.Ready(Optional.of("test -e /tmp/up"), Optional.empty(), 0, EVERY, LONG)));
        Step reach = new Step(
                "reach",
                "for host in web db; do exec 3<>/dev/tcp/$host/8080; printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3; "
                        + "head -n 1 <&3; done",
                Map.of());

        Execution execution = begin(Works.of(List.of(reach), beside(services)));
        List<String> seen = follow(execution);
        execution.stop(Duration.ofSeconds(5));

        assertEquals(List.of("began 0", "ended 0 0", "done"), seen);
        assertEquals("HTTP/1.1 200 OK\r\nHTTP/1.1 200 OK\r\n", Files.readString(directory.output(0)));
        assertFalse(marks().contains(directory.supervisor().orElseThrow()));
    }

    @Test
    void givesAJobUpWhoseServiceEndsBeforeItIsReady() throws Exception {
        Execution execution = begin(served("echo no room for tables; exit 3"));

        RefusedException refused = assertThrows(RefusedException.class, execution::next);
        execution.stop(Duration.ZERO);

        assertTrue(refused.getMessage().contains("'db'"), refused.getMessage());
        assertTrue(refused.getMessage().contains("no room for tables"), refused.getMessage());
        assertFalse(Files.exists(directory.events()));
    }

    @Test
    void stopsWaitingForAServiceWithItsJob() throws Exception {
        await(() -> executor.waiting() == 1);
        Execution execution = begin(served("sleep 1000"));
        CompletableFuture<Transition> next = CompletableFuture.supplyAsync(() -> {
            try {
                return execution.next();
            } catch (RefusedException | IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        await(() -> marks().size() == 2);

        execution.stop(Duration.ZERO);

        assertInstanceOf(Transition.Ended.class, next.get());
        assertEquals(1, marks().size());
    }

    /** Work beside a service that would be ready once its port takes connections. */
    private Work served(String command) {
        Service db = service(command, new Service.Ready(Optional.empty(), Optional.empty(), 8080, EVERY, LONG));
        return Works.of(List.of(new Step("never", "echo never", Map.of())), beside(Map.of("db", db)));
    }

    private Service service(String command, Service.Ready ready) {
        return new Service(engine().image(), Map.of(), Optional.of(command), Optional.of(ready));
    }

    private static Placement beside(Map<String, Service> services) {
        return new Placement(
                Optional.empty(), List.of(), 0, Optional.empty(), Optional.empty(), services, Optional.empty());
    }

    @Test
    void givesAJobTheMemoryThatItAsksFor() throws Exception {
        Placement large = new Placement(
                Optional.empty(),
                List.of(),
                0,
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                Optional.of(new Placement.Resources(Optional.of("500m"), Optional.of("1Gi"), Optional.empty(), 0)));
        Step eat = new Step("eat", "head -c 600M /dev/zero | tail > /dev/null", Map.of());

        assertEquals(List.of("began 0", "ended 0 0", "done"), follow(begin(Works.of(List.of(eat), large))));
    }

    private String container() {
        try {
            return ContainerOrder.name(directory.supervisor().orElseThrow());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean runs() throws IOException {
        try (Engine engine = new Engine(engine().host())) {
            return engine.runs(container());
        }
    }

    private List<String> marks() {
        try (Engine engine = new Engine(engine().host())) {
            return engine.marks(runner);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
    }
}
