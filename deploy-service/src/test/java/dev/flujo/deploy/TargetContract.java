package dev.flujo.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.deploy.Target.Serving;
import dev.flujo.deploy.rollout.Application;
import dev.flujo.deploy.rollout.Rollouts;
import dev.flujo.deploy.rollout.TakeDown;
import dev.flujo.deploy.rollout.TakenDown;
import dev.flujo.event.Work;
import dev.flujo.kit.process.Failpoint;
import dev.flujo.stack.Await;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every target does; each kind of target runs this with real applications. */
public abstract class TargetContract {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String PROJECT = "shop";
    private static final Environment PRODUCTION = new Environment(PROJECT, "production");

    @TempDir
    protected Path directory;

    private Works works;
    private Target target;
    private Rollouts rollouts;
    private final AtomicReference<String> stop = new AtomicReference<>();
    private final List<String> progress = new ArrayList<>();

    /** A target on the same ground as before, as a restarted service opens it. */
    protected abstract Target open() throws IOException;

    @BeforeEach
    void begin() throws IOException {
        works = new Works(PROJECT, directory);
        target = open();
        rollouts = rollouts(target);
    }

    @Test
    void bringsAVersionUpUnderAnAddressThatAnswers() throws Exception {
        Application first = application(works.of("c1", "well", PATIENCE));

        Serving serving = rollouts.apply(first);

        assertEquals(first.deployment(), serving.deployment());
        assertEquals(Optional.empty(), serving.previous());
        assertTrue(Await.until(PATIENCE, () -> "c1".equals(answer(serving.address()))));
        assertEquals(Optional.of(serving), target.serving(PRODUCTION));
        assertTrue(target.live(PRODUCTION));
        assertTrue(
                progress.get(progress.size() - 1).contains("took over at " + serving.address()), progress.toString());
    }

    @Test
    void hasNothingServingWhereNothingWasDeployed() throws Exception {
        assertEquals(Optional.empty(), target.serving(new Environment(PROJECT, "staging")));
        assertEquals(false, target.live(new Environment(PROJECT, "staging")));
    }

    @Test
    void switchesOverWithoutLosingARequestAndEndsTheOldVersion() throws Exception {
        Application first = application(works.of("c1", "well", PATIENCE));
        Serving old = rollouts.apply(first);
        assertTrue(Await.until(PATIENCE, () -> "c1".equals(answer(old.address()))));

        Load load = new Load(old.address());
        Application second = application(works.of("c2", "well", PATIENCE));
        try (load) {
            assertTrue(Await.until(PATIENCE, () -> load.answered("c1") > 50));
            Serving serving = rollouts.apply(second);
            assertEquals(Optional.of(first.deployment()), serving.previous());
            assertEquals(old.address(), serving.address());
            assertTrue(Await.until(PATIENCE, () -> load.answered("c2") > 200));
            assertTrue(Await.until(PATIENCE, () -> !running(first)), "the old version is ended");
            long before = load.answered("c2");
            assertTrue(Await.until(PATIENCE, () -> load.answered("c2") > before + 200));
        }

        assertEquals(List.of(), load.failures());
        assertEquals("c2", answer(old.address()));
        assertTrue(running(second));
    }

    @Test
    void keepsTheOldVersionServingWhenTheNewOneDoesNotBecomeHealthy() throws Exception {
        Application first = application(works.of("c1", "well", PATIENCE));
        Serving old = rollouts.apply(first);
        assertTrue(Await.until(PATIENCE, () -> "c1".equals(answer(old.address()))));
        Application ill = application(works.of("c2", "ill", Duration.ofSeconds(2)));
        Load load = new Load(old.address());
        NotApplied refused;
        try (load) {
            refused = assertThrows(NotApplied.class, () -> rollouts.apply(ill));
        }

        assertTrue(refused.getMessage().contains("health check /health did not pass within 2 s"), refused.getMessage());
        assertTrue(refused.getMessage().contains("begins with ill"), refused.getMessage());
        assertEquals(List.of(), load.failures());
        assertEquals(0, load.answered("c2"));
        assertTrue(load.answered("c1") > 50);
        assertEquals(Optional.of(old), target.serving(PRODUCTION));
        assertTrue(Await.until(PATIENCE, () -> !running(ill)), "what did not become healthy is ended");
    }

    @Test
    void givesUpAtOnceWhenTheCommandEnds() throws Exception {
        Application dead = application(works.of("c1", "dead", Duration.ofMinutes(10)));

        NotApplied refused = assertThrows(NotApplied.class, () -> rollouts.apply(dead));

        assertTrue(
                refused.getMessage().contains("the command ended before the health check passed"),
                refused.getMessage());
        assertTrue(refused.getMessage().contains("no database"), refused.getMessage());
        assertEquals(Optional.empty(), target.serving(PRODUCTION));
    }

    @Test
    void givesUpACommandThatCannotBeStarted() {
        Application dead = application(works.of("c1", "exec /nowhere/to/be/found", Duration.ofMinutes(10), List.of()));

        NotApplied refused = assertThrows(NotApplied.class, () -> rollouts.apply(dead));

        assertTrue(refused.getMessage().contains("/nowhere/to/be/found"), refused.getMessage());
    }

    @Test
    void appliesTheSameDeploymentOnce() throws Exception {
        Application first = application(works.of("c1", "well", PATIENCE));

        Serving once = rollouts.apply(first);
        Serving again = rollouts.apply(first);
        Serving afterARestart = rollouts(open()).apply(first);

        assertEquals(once, again);
        assertEquals(once, afterARestart);
        assertEquals(List.of(first.deployment().toString()), starts());
    }

    @Test
    void staysWithAGivenUpDeploymentForTheSameReasonAtTheSameMoment() throws Exception {
        Application dead = application(works.of("c1", "dead", PATIENCE));

        NotApplied once = assertThrows(NotApplied.class, () -> rollouts.apply(dead));
        Rollouts restarted = rollouts(open());
        NotApplied again = assertThrows(NotApplied.class, () -> restarted.apply(dead));

        assertEquals(once.getMessage(), again.getMessage());
        assertEquals(once.at(), again.at());
        assertEquals(List.of(dead.deployment().toString()), starts());
    }

    @Test
    void goesOnWithADeploymentThatItsServiceLeftInTheMiddle() throws Exception {
        Application slow = application(works.of("c1", "slow", PATIENCE));
        CompletableFuture<Serving> left = begin(slow);
        assertTrue(Await.until(PATIENCE, () -> starts().size() == 1));

        CompletableFuture<Serving> takenUp = begin(rollouts(open()), slow);
        Files.createFile(works.go());

        assertEquals(takenUp.get(), left.get());
        assertEquals(List.of(slow.deployment().toString()), starts());
    }

    @Test
    void stopsBeforeItTakesOverWhenAskedTo() throws Exception {
        Application slow = application(works.of("c1", "slow", Duration.ofMinutes(10)));
        CompletableFuture<Serving> begun = begin(slow);
        assertTrue(Await.until(PATIENCE, () -> starts().size() == 1));

        stop.set("cancelled by ben");

        NotApplied refused = (NotApplied) assertThrows(java.util.concurrent.ExecutionException.class, begun::get)
                .getCause();
        assertTrue(refused.getMessage().contains("cancelled by ben"), refused.getMessage());
        assertTrue(Await.until(PATIENCE, () -> !running(slow)), "what was stopped is ended");
        assertEquals(Optional.empty(), target.serving(PRODUCTION));
    }

    @Test
    void takesOneDeploymentOfAnEnvironmentAfterTheOther() throws Exception {
        Application slow = application(works.of("c1", "slow", PATIENCE));
        CompletableFuture<Serving> first = begin(slow);
        assertTrue(Await.until(PATIENCE, () -> starts().size() == 1));
        Application next = application(works.of("c2", "well", PATIENCE));

        CompletableFuture<Serving> second = begin(next);
        Files.createFile(works.go());

        assertEquals(Optional.of(first.get().deployment()), second.get().previous());
        assertTrue(Await.until(PATIENCE, () -> !running(slow)), "the old version is ended");
    }

    @Test
    void takesAnEnvironmentDownOnceAndNothingElseAndMakesItAnew() throws Exception {
        Application first = application(works.of("c1", "well", PATIENCE));
        Application beside = application(works.to("staging", "c1"));
        Serving old = rollouts.apply(first);
        Serving other = rollouts.apply(beside);
        assertTrue(Await.until(PATIENCE, () -> "c1".equals(answer(old.address()))));
        TakeDown wish = TakeDown.of(PRODUCTION, first.deployment(), "ana", "ana took it down");

        Optional<TakenDown> taken = rollouts.takeDown(wish);

        assertEquals(Optional.of(first.deployment()), taken.orElseThrow().served());
        assertEquals(Optional.empty(), target.serving(PRODUCTION));
        assertFalse(target.live(PRODUCTION));
        assertFalse(rollouts.hasServed(PRODUCTION, first.deployment()), "nothing is left to roll back to");
        assertTrue(Await.until(PATIENCE, () -> !running(first)), "what served is ended");
        assertTrue(Await.until(PATIENCE, () -> !"c1".equals(answer(old.address()))));
        assertEquals("c1", answer(other.address()));
        assertEquals(taken, rollouts(open()).takeDown(wish));

        Serving anew = rollouts.apply(application(works.of("c2", "well", PATIENCE)));

        assertEquals(Optional.empty(), anew.previous());
        assertTrue(Await.until(PATIENCE, () -> "c2".equals(answer(anew.address()))));
        assertEquals(taken, rollouts.takeDown(wish), "what came later is not meant");
        assertTrue(target.live(PRODUCTION));
    }

    @Test
    void takesNothingDownThatIsNewerThanWhatWasMeant() throws Exception {
        Application first = application(works.of("c1", "well", PATIENCE));
        rollouts.apply(first);
        Serving second = rollouts.apply(application(works.of("c2", "well", PATIENCE)));

        Optional<TakenDown> taken =
                rollouts.takeDown(TakeDown.of(PRODUCTION, first.deployment(), "flujo", "its time is over"));

        assertEquals(Optional.empty(), taken);
        assertEquals(Optional.of(second), target.serving(PRODUCTION));
    }

    @Test
    void refusesNamesThatLeadElsewhere() {
        for (String name : List.of("..", "", ".", "a/b", "-x", "a\nb")) {
            assertThrows(
                    IllegalArgumentException.class, () -> target.serving(new Environment(name, "production")), name);
            assertThrows(IllegalArgumentException.class, () -> target.serving(new Environment(PROJECT, name)), name);
        }
    }

    /** Whether any process of the deployment is alive. */
    protected abstract boolean running(UUID deployment);

    protected final Target target() {
        return target;
    }

    protected final Rollouts rollouts() {
        return rollouts;
    }

    /** What a restarted service does with the target. */
    protected final Rollouts rollouts(Target on) {
        return new Rollouts(directory, on, Optional.empty(), Failpoint.armed(Optional.empty()), TestDesk.in(directory));
    }

    protected final Works works() {
        return works;
    }

    protected final Application application(Work work) {
        return new Application(UUID.randomUUID(), work, progress::add, () -> Optional.ofNullable(stop.get()));
    }

    protected final List<String> starts() {
        try {
            return Files.exists(works.witness()) ? Files.readAllLines(works.witness()) : List.of();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    public static String answer(String address) {
        try {
            return HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            return "no answer: " + e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    private boolean running(Application application) {
        return running(application.deployment());
    }

    private CompletableFuture<Serving> begin(Application application) {
        return begin(rollouts, application);
    }

    private static CompletableFuture<Serving> begin(Rollouts on, Application application) {
        CompletableFuture<Serving> serving = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                serving.complete(on.apply(application));
            } catch (NotApplied | IOException | InterruptedException e) {
                serving.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return serving;
    }
}
