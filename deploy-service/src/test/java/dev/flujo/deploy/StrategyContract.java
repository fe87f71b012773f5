package dev.flujo.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.flujo.deploy.Target.Serving;
import dev.flujo.deploy.rollout.Answer;
import dev.flujo.deploy.rollout.Application;
import dev.flujo.deploy.rollout.Ongoing;
import dev.flujo.deploy.rollout.Rollouts;
import dev.flujo.event.Work;
import dev.flujo.event.plan.Deploy.Analysis;
import dev.flujo.event.plan.Deploy.CanaryStep;
import dev.flujo.event.plan.Deploy.Rollout;
import dev.flujo.event.plan.Deploy.Strategy;
import dev.flujo.event.plan.Deploy.Strategy.Kind;
import dev.flujo.kit.process.Failpoint;
import dev.flujo.stack.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What every strategy does on every target; each kind of target runs this with real applications and real users. */
@Timeout(120)
public abstract class StrategyContract {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Environment PRODUCTION = new Environment("shop", "production");

    @TempDir
    protected Path directory;

    private final List<String> told = Collections.synchronizedList(new ArrayList<>());
    private Works works;
    private Target target;
    private Rollouts rollouts;
    private Serving stable;

    /** A target on the same ground as before, as a restarted service opens it. */
    protected abstract Target open() throws IOException;

    /** Whether any process of the deployment is alive. */
    protected abstract boolean running(UUID deployment);

    @BeforeEach
    void begin() throws Exception {
        works = new Works(PRODUCTION.project(), directory);
        target = open();
        rollouts = rollouts(Optional.empty());
    }

    @Test
    void rollingReplacesReplicaByReplicaWithoutLosingARequest() throws Exception {
        serve("c1", 3);
        Load load = new Load(stable.address());
        try (load) {
            assertTrue(Await.until(PATIENCE, () -> load.answered("c1") > 50));
            rollouts.apply(application("c2", "well", 3, rolling("1", "0"), List.of()));
            assertTrue(Await.until(PATIENCE, () -> !running(stable.deployment())), "the old version is ended");
            long before = load.answered("c2");
            assertTrue(Await.until(PATIENCE, () -> load.answered("c2") > before + 200));
        }

        assertEquals(List.of(), load.failures());
        assertEquals(6, starts().size());
        assertEquals(
                List.of("33 %", "67 %", "100 %"),
                stages().stream()
                        .map(line -> line.replaceAll(".* (\\d+ %) of.*", "$1"))
                        .toList());
    }

    @Test
    void rollingBringsTheOldReplicasBackWhenANewOneIsBad() throws Exception {
        serve("c1", 3);
        Load load = new Load(stable.address());
        Application sick = application("c2", "sick", 3, rolling("0", "1"), List.of(check("result == 200")));
        NotApplied refused;
        try (load) {
            refused = assertThrows(NotApplied.class, () -> rollouts.apply(sick));
            long before = load.answered("c1");
            assertTrue(Await.until(PATIENCE, () -> load.answered("c1") > before + 200));
        }

        assertTrue(refused.getMessage().contains("analysis check fails: result 500"), refused.getMessage());
        assertEquals(List.of(), load.failures());
        assertTrue(Await.until(PATIENCE, () -> !running(sick.deployment())));
        assertEquals(Optional.of(stable), target.serving(PRODUCTION));
        assertEquals("c1", TargetContract.answer(stable.address()));
    }

    @Test
    void blueGreenIsLookedAtBeforeAPersonPromotesItAndKeepsTheOldVersionWarm() throws Exception {
        serve("c1", 2);
        Strategy byHand = new Strategy(
                Kind.BLUE_GREEN,
                Optional.empty(),
                Optional.empty(),
                Optional.of(Duration.ofSeconds(3)),
                true,
                List.of());
        Load load = new Load(stable.address());
        Application next = application("c2", "well", 2, byHand, List.of());
        try (load) {
            FutureTask<Serving> begun = begin(rollouts, next);
            Ongoing asking = asking();
            String preview = asking.preview().orElseThrow();
            assertTrue(Await.until(PATIENCE, () -> "c2".equals(TargetContract.answer(preview))));
            assertEquals(0, load.answered("c2"), "users see nothing of it yet");
            assertEquals(0, asking.percent());

            assertTrue(rollouts.answer(PRODUCTION, next.deployment(), asking.stage(), promote("ana"))
                    .isPresent());

            assertEquals(next.deployment(), begun.get().deployment());
            assertTrue(running(stable.deployment()), "the old version is kept");
            assertTrue(Await.until(PATIENCE, () -> load.answered("c2") > 200));
            assertTrue(Await.until(PATIENCE, () -> tended() && !running(stable.deployment())), "for its time");
        }
        assertEquals(List.of(), load.failures());
    }

    @Test
    void aCanaryGetsItsShareOfTheTraffic() throws Exception {
        serve("c1", 2);
        Strategy canary = canary(new CanaryStep(20, Duration.ZERO, true), new CanaryStep(100, Duration.ZERO, false));
        Load load = new Load(stable.address());
        Application next = application("c2", "well", 2, canary, List.of());
        try (load) {
            FutureTask<Serving> begun = begin(rollouts, next);
            Ongoing asking = asking();
            long old = load.answered("c1");
            long fresh = load.answered("c2");
            assertTrue(Await.until(PATIENCE, () -> load.answered("c1") - old > 800));
            double share =
                    (load.answered("c2") - fresh) / (double) (load.answered("c1") + load.answered("c2") - old - fresh);

            assertEquals(0.20, share, 0.02);
            assertEquals(20, asking.percent());
            rollouts.answer(PRODUCTION, next.deployment(), asking.stage(), promote("ana"));
            begun.get();
        }

        assertEquals(List.of(), load.failures());
        assertTrue(told.contains("promoted by ana"), told.toString());
    }

    @Test
    void aCanaryThatFailsRequestsIsFoundAndGoesBack() throws Exception {
        serve("c1", 1);
        Application flaky =
                application("c2", "flaky", 1, quick(), List.of(failedRequests(true, "result <= stable + 0.01")));
        Load load = new Load(stable.address());
        NotApplied refused;
        try (load) {
            refused = assertThrows(NotApplied.class, () -> rollouts.apply(flaky));
            // Whom it was still answering is told so first.
            assertTrue(Await.until(PATIENCE, () -> !running(flaky.deployment())));
            awaitAnswers(load, 200);
            long before = load.failures().size();
            awaitAnswers(load, 200);
            assertEquals(before, load.failures().size(), "nobody meets it any more");
        }

        assertTrue(refused.getMessage().contains("analysis requests fails: result 0.0"), refused.getMessage());
        assertTrue(refused.getMessage().contains("stable 0.000"), refused.getMessage());
    }

    private static void awaitAnswers(Load load, long more) {
        long before = load.answered("c1");
        assertTrue(Await.until(PATIENCE, () -> load.answered("c1") > before + more));
    }

    @Test
    void aCanaryThatNobodyUsesIsNotJudgedButAPersonIsAsked() throws Exception {
        serve("c1", 1);
        Application next = application("c2", "well", 1, quick(), List.of(failedRequests(false, "result < 0.01")));
        FutureTask<Serving> begun = begin(rollouts, next);

        Ongoing asking = asking();

        assertTrue(asking.question().orElseThrow().contains("at least 20 requests"), asking.toString());
        rollouts.answer(PRODUCTION, next.deployment(), asking.stage(), promote("ana"));
        Ongoing again = asking(2);
        rollouts.answer(PRODUCTION, next.deployment(), again.stage(), promote("ana"));
        assertEquals(next.deployment(), begun.get().deployment());
    }

    @Test
    void anAbortedCanaryGoesBackAndCanBeTriedAgain() throws Exception {
        serve("c1", 1);
        Strategy canary = canary(new CanaryStep(50, Duration.ofMinutes(10), false));
        Application next = application("c2", "well", 1, canary, List.of());
        FutureTask<Serving> begun = begin(rollouts, next);
        Ongoing entered = ongoing(50);

        Answer abort = new Answer(false, "ben", Instant.now(), Optional.of("too slow"));
        assertEquals(
                Optional.of(abort),
                rollouts.answer(PRODUCTION, next.deployment(), entered.stage(), abort),
                "the first answer counts");

        NotApplied refused = notApplied(begun);
        assertEquals("aborted by ben: too slow", refused.getMessage());
        assertEquals(Optional.of(stable), target.serving(PRODUCTION));
        assertEquals("c1", TargetContract.answer(stable.address()));
        assertEquals(Optional.empty(), rollouts.answer(PRODUCTION, next.deployment(), entered.stage(), promote("ana")));
        Serving serving = rollouts.apply(application("c2", "well", 1, quick(), List.of()));
        assertEquals(Optional.of(stable.deployment()), serving.previous());
    }

    @Test
    void anAnswerToAStageThatIsPastSaysNothingOfTheNext() throws Exception {
        serve("c1", 1);
        Strategy canary = canary(new CanaryStep(10, Duration.ZERO, true), new CanaryStep(50, Duration.ZERO, true));
        Application next = application("c2", "well", 1, canary, List.of());
        FutureTask<Serving> begun = begin(rollouts, next);
        Ongoing first = asking();
        rollouts.answer(PRODUCTION, next.deployment(), first.stage(), promote("ana"));
        assertTrue(Await.until(
                PATIENCE, () -> rollouts.ongoing(PRODUCTION).orElseThrow().stage() == 2));

        assertEquals(Optional.empty(), rollouts.answer(PRODUCTION, next.deployment(), first.stage(), promote("ben")));

        assertEquals(2, asking(2).stage());
        rollouts.answer(PRODUCTION, next.deployment(), 2, promote("ana"));
        begun.get();
    }

    @Test
    void whereAPersonBringsTheOldVersionBackABadNewOneWaitsForOne() throws Exception {
        serve("c1", 1);
        Rollout manual = new Rollout(1, quick(), List.of(check("result == 200")), false, List.of());
        Application sick = application(works.of("c2", "sick", manual));
        FutureTask<Serving> begun = begin(rollouts, sick);

        Ongoing asking = asking();

        assertTrue(asking.question().orElseThrow().contains("analysis check fails"), asking.toString());
        rollouts.answer(
                PRODUCTION,
                sick.deployment(),
                asking.stage(),
                new Answer(false, "ben", Instant.now(), Optional.empty()));
        assertEquals("aborted by ben", notApplied(begun).getMessage());
    }

    @Test
    void forgivesAsManyBadAnswersAsItIsTold() throws Exception {
        serve("c1", 1);
        Analysis forgiving = new Analysis(
                "check",
                Optional.empty(),
                Optional.of("/check"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                SOON,
                2,
                false);
        Application sick = application("c2", "sick", 1, quick(), List.of(forgiving));

        assertThrows(NotApplied.class, () -> rollouts.apply(sick));

        assertEquals(
                3,
                told.stream()
                        .filter(line -> line.equals("analysis check fails: result 500"))
                        .count());
    }

    @Test
    void asksAPrometheusForBothVersionsAndComparesThem() throws Exception {
        Application next = application("c2", "well", 1, quick(), List.of(slower()));
        HttpServer prometheus = prometheus(next.deployment(), "0.3");
        try {
            rollouts = rollouts(Optional.of(
                    URI.create("http://127.0.0.1:" + prometheus.getAddress().getPort())));
            serve("c1", 1);

            NotApplied refused = assertThrows(NotApplied.class, () -> rollouts.apply(next));

            assertTrue(
                    refused.getMessage().contains("analysis slower fails: result 0.3000, stable 0.1000"),
                    refused.getMessage());
        } finally {
            prometheus.stop(0);
        }
    }

    @Test
    void aPrometheusThatIsNotThereIsNoVerdict() throws Exception {
        serve("c1", 1);
        Application next = application("c2", "well", 1, quick(), List.of(slower()));
        FutureTask<Serving> begun = begin(rollouts, next);

        Ongoing asking = asking();

        assertTrue(asking.question().orElseThrow().contains("flujo.deploy.prometheus.url"), asking.toString());
        rollouts.answer(
                PRODUCTION,
                next.deployment(),
                asking.stage(),
                new Answer(false, "ben", Instant.now(), Optional.empty()));
        notApplied(begun);
    }

    @Test
    void goesOnInTheMiddleOfACanaryAfterItsServiceWasRestarted() throws Exception {
        serve("c1", 1);
        Strategy canary = canary(new CanaryStep(20, Duration.ZERO, true), new CanaryStep(60, Duration.ZERO, true));
        Application next = application("c2", "well", 1, canary, List.of());
        Thread first = thread(begun(rollouts, next));
        Ongoing asking = asking();
        rollouts.answer(PRODUCTION, next.deployment(), asking.stage(), promote("ana"));
        asking(2);
        first.interrupt();
        first.join();

        target = open();
        rollouts = rollouts(Optional.empty());
        FutureTask<Serving> takenUp = begin(rollouts, next);
        Ongoing again = asking(2);
        assertEquals(60, again.percent());
        rollouts.answer(PRODUCTION, next.deployment(), again.stage(), promote("ana"));

        assertEquals(next.deployment(), takenUp.get().deployment());
        assertEquals(
                1,
                starts().stream().filter(next.deployment().toString()::equals).count());
    }

    private void serve(String commit, int replicas) throws Exception {
        stable = rollouts.apply(application(commit, "well", replicas, rolling("1", "0"), List.of()));
        assertTrue(Await.until(PATIENCE, () -> commit.equals(TargetContract.answer(stable.address()))));
        told.clear();
    }

    private Application application(
            String commit, String like, int replicas, Strategy strategy, List<Analysis> analyses) {
        return application(works.of(commit, like, new Rollout(replicas, strategy, analyses, true, List.of())));
    }

    private Application application(Work work) {
        return new Application(UUID.randomUUID(), work, told::add, Optional::empty);
    }

    private Rollouts rollouts(Optional<URI> prometheus) {
        return new Rollouts(directory, target, prometheus, Failpoint.armed(Optional.empty()), TestDesk.in(directory));
    }

    private boolean tended() {
        try {
            rollouts.tend();
            return true;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Ongoing asking() {
        return asking(1);
    }

    private Ongoing asking(int stage) {
        assertTrue(
                Await.until(PATIENCE, () -> rollouts.ongoing(PRODUCTION)
                        .filter(now -> now.stage() == stage)
                        .flatMap(Ongoing::question)
                        .isPresent()),
                () -> "asks: " + told);
        return rollouts.ongoing(PRODUCTION).orElseThrow();
    }

    private Ongoing ongoing(int percent) {
        assertTrue(Await.until(PATIENCE, () -> told.stream().anyMatch(line -> line.contains(percent + " % of"))));
        return rollouts.ongoing(PRODUCTION).orElseThrow();
    }

    private List<String> stages() {
        return told.stream().filter(line -> line.startsWith("stage ")).toList();
    }

    private List<String> starts() throws IOException {
        return Files.readAllLines(works.witness());
    }

    private static FutureTask<Serving> begun(Rollouts on, Application application) {
        return new FutureTask<>(() -> on.apply(application));
    }

    private static FutureTask<Serving> begin(Rollouts on, Application application) {
        FutureTask<Serving> begun = begun(on, application);
        thread(begun);
        return begun;
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static NotApplied notApplied(FutureTask<Serving> begun) {
        return (NotApplied) assertThrows(ExecutionException.class, begun::get).getCause();
    }

    private static Answer promote(String by) {
        return new Answer(true, by, Instant.now(), Optional.empty());
    }

    private static Strategy rolling(String surge, String unavailable) {
        return new Strategy(
                Kind.ROLLING, Optional.of(surge), Optional.of(unavailable), Optional.empty(), false, List.of());
    }

    private static Strategy canary(CanaryStep... steps) {
        return new Strategy(Kind.CANARY, Optional.empty(), Optional.empty(), Optional.empty(), false, List.of(steps));
    }

    private static Strategy quick() {
        return canary(new CanaryStep(50, Duration.ofSeconds(3), false), new CanaryStep(100, Duration.ZERO, false));
    }

    private static Analysis check(String pass) {
        return new Analysis(
                "check",
                Optional.empty(),
                Optional.of("/check"),
                Optional.empty(),
                Optional.empty(),
                Optional.of(pass),
                Optional.empty(),
                SOON,
                0,
                false);
    }

    private static Analysis failedRequests(boolean compare, String pass) {
        return new Analysis(
                "requests",
                Optional.empty(),
                Optional.empty(),
                Optional.of("failed"),
                Optional.empty(),
                Optional.of(pass),
                Optional.empty(),
                SOON,
                0,
                compare);
    }

    private static Analysis slower() {
        return new Analysis(
                "slower",
                Optional.of("latency{deployment=\"$deployment\"}"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of("result < stable * 1.2"),
                Optional.empty(),
                SOON,
                0,
                true);
    }

    /** Gives this number for queries that name the deployment, and 0.1 for others. */
    private static HttpServer prometheus(UUID deployment, String number) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/api/v1/query", exchange -> {
            boolean fresh = exchange.getRequestURI().getQuery().contains(deployment.toString());
            byte[] body = String.format(
                            Locale.ROOT,
                            "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":"
                                    + "[{\"metric\":{},\"value\":[1700000000,\"%s\"]}]}}",
                            fresh ? number : "0.1")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        return server;
    }
}
