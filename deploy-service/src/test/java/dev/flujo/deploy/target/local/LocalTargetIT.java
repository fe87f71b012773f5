package dev.flujo.deploy.target.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.deploy.Environment;
import dev.flujo.deploy.NotApplied;
import dev.flujo.deploy.Target;
import dev.flujo.deploy.Target.Serving;
import dev.flujo.deploy.TargetContract;
import dev.flujo.deploy.rollout.Application;
import dev.flujo.deploy.rollout.TakeDown;
import dev.flujo.event.Work;
import dev.flujo.kit.blob.Blob;
import dev.flujo.stack.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The local target, with its proxy and its applications as the processes that they are. */
class LocalTargetIT extends TargetContract {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Environment PRODUCTION = new Environment("shop", "production");

    private LocalGround ground;

    @AfterEach
    void endEverything() throws IOException {
        ground.close();
    }

    @Override
    protected Target open() throws IOException {
        if (ground == null) {
            ground = new LocalGround(directory);
        }
        return ground.open();
    }

    @Override
    protected boolean running(UUID deployment) {
        return ground.running(deployment);
    }

    @Test
    void startsTheCommandBesideItsArtifactsWithNothingOfTheServicesEnvironmentButWhatItNeeds() throws Exception {
        Path file = Files.writeString(directory.resolve("made"), "by the build");
        Blob blob = ground.blobs().put(file);
        Work work = works().of(
                        "c1",
                        "env -0 > environment; cat app/made; exit 1",
                        PATIENCE,
                        List.of(new Work.Artifact("build", "app/made", blob.bytes(), blob.sha256())));
        Application application = application(work);

        NotApplied refused = assertThrows(NotApplied.class, () -> rollouts().apply(application));

        assertTrue(refused.getMessage().contains("by the build"), refused.getMessage());
        Release release = release(application);
        List<String> variables =
                List.of(Files.readString(release.files().resolve("environment")).split("\0"));
        List<String> names = variables.stream()
                .map(variable -> variable.substring(0, variable.indexOf('=')))
                .filter(name -> !List.of("HOME", "LANG", "LC_ALL", "TZ", "JAVA_HOME", "_", "SHLVL", "PWD", "OLDPWD")
                        .contains(name))
                .sorted()
                .toList();
        assertEquals(
                List.of(
                        "FLUJO_COMMIT",
                        "FLUJO_DEPLOYMENT",
                        "FLUJO_ENVIRONMENT",
                        "FLUJO_PROJECT",
                        "FLUJO_REPLICA",
                        "FLUJO_RUN",
                        "GO",
                        "ODD",
                        "PATH",
                        "PORT",
                        "WITNESS"),
                names);
        assertTrue(variables.contains("ODD=C:\\new\nit's \"$HOME\" ü"), variables.toString());
    }

    @Test
    void refusesAnArtifactThatLeavesTheRelease() throws Exception {
        Blob blob = ground.blobs().put(Files.writeString(directory.resolve("made"), "x"));
        for (String path : List.of("../../escaped", "/tmp/escaped", ".")) {
            Application application = application(
                    works().of("c1", "true", PATIENCE, List.of(new Work.Artifact("build", path, 1, blob.sha256()))));

            assertThrows(IOException.class, () -> rollouts().apply(application), path);
        }
    }

    @Test
    void theProxyAndTheApplicationOutliveTheirService() throws Exception {
        Serving serving = rollouts().apply(application(works().of("c1", "well", PATIENCE)));
        long pid = ground.proxyProcess().orElseThrow().pid();

        ground.proxy().ensure();
        open().tend();

        assertEquals(pid, ground.proxyProcess().orElseThrow().pid());
        assertTrue(Await.until(PATIENCE, () -> "c1".equals(answer(serving.address()))));
        assertEquals(1, starts().size());
    }

    @Test
    void aDeadProxyIsStartedAgainAndServesWhatServedBefore() throws Exception {
        Serving serving = rollouts().apply(application(works().of("c1", "well", PATIENCE)));
        ProcessHandle dead = ground.proxyProcess().orElseThrow();
        dead.destroyForcibly();
        assertTrue(Await.until(PATIENCE, () -> !dead.isAlive()));

        ground.proxy().ensure();

        assertTrue(Await.until(PATIENCE, () -> "c1".equals(answer(serving.address()))));
    }

    @Test
    void whatServedBeforeAStopOfTheMachineIsStartedAgainAsItWas() throws Exception {
        Application application = application(works().of("c1", "well", PATIENCE));
        Serving serving = rollouts().apply(application);
        ground.end(application.deployment());

        Target restarted = open();
        restarted.tend();

        assertTrue(Await.until(PATIENCE, () -> "c1".equals(answer(serving.address()))));
        assertEquals(Optional.of(serving), restarted.serving(PRODUCTION));
        assertEquals(2, starts().size());
    }

    @Test
    void anOldVersionThatADeadServiceDidNotEndIsEnded() throws Exception {
        Application first = application(works().of("c1", "well", PATIENCE));
        rollouts().apply(first);
        release(first).want(0);
        assertTrue(running(first.deployment()));

        open().tend();

        assertTrue(Await.until(PATIENCE, () -> !running(first.deployment())));
    }

    @Test
    void endsWhatTheApplicationHasStartedInSessionsOfItsOwn() throws Exception {
        Work work = works().of("c1", "setsid sleep 1000 & exit 1", PATIENCE, List.of());
        Application application = application(work);

        assertThrows(NotApplied.class, () -> rollouts().apply(application));

        assertTrue(Await.until(PATIENCE, () -> !running(application.deployment())));
    }

    @Test
    void anEnvironmentTakesTheNextPortWhereAnotherProgramHasTheFirst() throws Exception {
        try (ServerSocket other = new ServerSocket(ground.firstPort(), 1, InetAddress.getLoopbackAddress())) {
            Serving serving = rollouts().apply(application(works().of("c1", "well", PATIENCE)));

            assertFalse(serving.address().endsWith(":" + other.getLocalPort()), serving.address());
            assertTrue(Await.until(PATIENCE, () -> "c1".equals(answer(serving.address()))));
        }
    }

    @Test
    void anEnvironmentThatIsTakenDownLeavesNothingAndItsPortIsTheNextOnes() throws Exception {
        Application first = application(works().of("c1", "well", PATIENCE));
        Serving old = rollouts().apply(first);
        assertTrue(Await.until(PATIENCE, () -> "c1".equals(answer(old.address()))));

        rollouts().takeDown(TakeDown.of(PRODUCTION, first.deployment(), "ana", "ana took it down"));

        assertFalse(Files.exists(EnvironmentDirectory.of(directory, PRODUCTION).path()));
        Serving other = rollouts().apply(application(works().to("staging", "c2")));
        assertEquals(old.address(), other.address());
        assertTrue(Await.until(PATIENCE, () -> "c2".equals(answer(other.address()))));
    }

    @Test
    void tellsTheEndOfALongOutputOnly() throws Exception {
        Work work = works().of("c1", "head -c 50000000 /dev/zero; echo the end; exit 1", PATIENCE, List.of());

        NotApplied refused = assertThrows(NotApplied.class, () -> rollouts().apply(application(work)));

        assertTrue(refused.getMessage().endsWith("the end"), "it ends with the last words");
        assertTrue(refused.getMessage().length() < 1_000, "and is short");
    }

    private Release release(Application application) throws IOException {
        return EnvironmentDirectory.of(directory, PRODUCTION).release(application.deployment());
    }
}
