package dev.flujo.deploy.target.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.deploy.Environment;
import dev.flujo.deploy.Load;
import dev.flujo.deploy.TestDesk;
import dev.flujo.deploy.Works;
import dev.flujo.deploy.config.Kind;
import dev.flujo.deploy.rollout.Application;
import dev.flujo.deploy.rollout.ConfigState;
import dev.flujo.deploy.rollout.Desk;
import dev.flujo.deploy.rollout.Rollouts;
import dev.flujo.event.plan.Deploy.Reading;
import dev.flujo.kit.process.Failpoint;
import dev.flujo.stack.Await;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings and secrets of real applications on this machine, while users ask them. */
class LocalConfigIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Environment PRODUCTION = new Environment("shop", "production");

    @TempDir
    Path directory;

    private final HttpClient http = HttpClient.newHttpClient();
    private LocalGround ground;
    private Desk desk;
    private Rollouts rollouts;
    private Works works;

    @BeforeEach
    void begin() throws Exception {
        ground = new LocalGround(directory);
        desk = TestDesk.in(directory);
        rollouts = new Rollouts(directory, ground.open(), Optional.empty(), Failpoint.armed(Optional.empty()), desk);
        works = new Works(PRODUCTION.project(), directory);
        put(Kind.SETTING, "GREETING", "hello", Duration.ZERO);
        put(Kind.SECRET, "PASSWORD", "correct horse", Duration.ZERO);
    }

    @AfterEach
    void end() throws IOException {
        ground.close();
    }

    @Test
    void aRunningApplicationReadsWhatIsSetAnewAndNobodyElseDoes() throws Exception {
        String address = apply(works.with(Reading.REREAD, "c1", 1, PATIENCE));
        assertEquals("correct horse", answer(address + "/config/PASSWORD"));

        put(Kind.SECRET, "PASSWORD", "battery staple", Duration.ofHours(1));
        rollouts.config().look();

        assertEquals("battery staple", answer(address + "/config/PASSWORD"));
        assertEquals("correct horse", answer(address + "/config/PASSWORD.former"));
        assertEquals("hello", answer(address + "/config/GREETING"));
        assertEquals(1, Files.readAllLines(works.witness()).size(), "it was not started again");
        for (Path file : files()) {
            assertEquals(
                    "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)), file.toString());
        }

        desk.store().confirm(PRODUCTION, Kind.SECRET, "PASSWORD", 2, "ben", Instant.now());
        rollouts.config().look();
        assertEquals("none", answer(address + "/config/PASSWORD.former"));
        assertTrue(files().stream().noneMatch(this::holdsTheFormer), "nothing of it is left");
    }

    @Test
    void replicasAreReplacedWithoutALostRequestUnlessWhatIsNewMakesThemIll() throws Exception {
        String address = apply(works.with(Reading.RESTART, "c1", 2, Duration.ofSeconds(20)));
        Load load = new Load(address);
        try (load) {
            assertTrue(Await.until(PATIENCE, () -> load.answered("c1") > 50));
            put(Kind.SETTING, "GREETING", "good day", Duration.ZERO);

            rollouts.config().look();

            awaitState(new ConfigState(serving(), true, Optional.of(true), Optional.empty()));
            long now = load.answered("c1");
            assertTrue(Await.until(PATIENCE, () -> load.answered("c1") > now + 50));
        }
        assertEquals(List.of(), load.failures());
        for (int i = 0; i < 6; i++) {
            assertEquals("good day", answer(address + "/began"));
        }
        assertEquals(5, Files.readAllLines(works.witness()).size(), "two, one more meanwhile, and two anew");

        put(Kind.SETTING, "GREETING", "ill", Duration.ZERO);
        rollouts.config().look();
        assertTrue(Await.until(PATIENCE, () -> state().trouble().isPresent()));

        assertEquals(Optional.of(false), state().restarted());
        assertEquals("good day", answer(address + "/began"));
    }

    private void put(Kind kind, String name, String value, Duration overlap) throws Exception {
        desk.store().put(PRODUCTION, kind, name, value, "ana", Instant.now(), overlap);
    }

    private String apply(dev.flujo.event.Work work) throws Exception {
        return rollouts.apply(new Application(UUID.randomUUID(), work, line -> {}, Optional::empty))
                .address();
    }

    private UUID serving() throws IOException {
        return state().deployment();
    }

    private ConfigState state() {
        try {
            return rollouts.config().state(PRODUCTION).orElseThrow();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void awaitState(ConfigState state) {
        assertTrue(Await.until(PATIENCE, () -> state.equals(state())), () -> state().toString());
    }

    private List<Path> files() throws IOException {
        Path config = directory.resolve("environments/shop/production/config");
        try (Stream<Path> files = Files.walk(config)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private boolean holdsTheFormer(Path file) {
        try {
            return Files.readString(file).contains("correct horse");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private String answer(String address) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
