package dev.flujo.deploy.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.deploy.Environment;
import dev.flujo.event.ConfigEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigStoreTest {

    private static final Environment PRODUCTION = new Environment("shop", "production");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final String PASSWORD = "DB_PASSWORD";

    @TempDir
    Path directory;

    private ConfigStore store;
    private Instant now = Instant.parse("2026-03-01T00:00:00Z");

    @BeforeEach
    void open() throws IOException {
        store = new ConfigStore(directory, Optional.empty());
    }

    @Test
    void keepsEachVersionWithWhoSetItAndWhen() throws Exception {
        setting("GREETING", "hello");
        now = now.plusSeconds(60);
        setting("GREETING", "good day");

        Item item = new ConfigStore(directory, Optional.empty())
                .item(PRODUCTION, Kind.SETTING, "GREETING")
                .orElseThrow();

        assertEquals(
                List.of(1, 2), item.versions().stream().map(ItemVersion::number).toList());
        assertEquals(
                List.of("hello", "good day"),
                item.versions().stream()
                        .map(version -> version.kept().orElseThrow())
                        .toList());
        assertEquals("ana", item.newest().by());
        assertEquals(now, item.newest().at());
        assertEquals(Map.of("GREETING", "good day"), config().settings());
    }

    @Test
    void sealsSecretsWhereTheyLie() throws Exception {
        secret("correct horse", HOUR);

        assertEquals(Map.of(PASSWORD, "correct horse"), config().secrets());
        for (String file : files()) {
            assertFalse(file.contains("correct horse"), "a file has the secret");
        }
        assertFalse(config().toString().contains("correct horse"));
    }

    @Test
    void aSecretOfOnePlaceCannotBePutIntoAnother() throws Exception {
        secret("correct horse", HOUR);
        Path file = directory.resolve("config/shop/production/" + PASSWORD);
        Path other = directory.resolve("config/shop/staging/" + PASSWORD);
        Files.createDirectories(other.getParent());
        Files.copy(file, other);

        assertThrows(IOException.class, () -> store.config(new Environment("shop", "staging"), now));
    }

    @Test
    void theFormerVersionCanBeReadUntilItsTimeIsOver() throws Exception {
        secret("correct horse", HOUR);
        secret("battery staple", HOUR);
        String before = config().mark();

        assertEquals(Map.of(PASSWORD, "battery staple", PASSWORD + ".former", "correct horse"), config().secrets());
        assertEquals(List.of(new ConfigEvent.Item(PASSWORD, true, 2, Optional.of(1))), config().items());

        now = now.plus(HOUR);
        assertEquals(Map.of(PASSWORD, "battery staple"), config().secrets());
        assertNotEquals(before, config().mark(), "applications are given what is left");
        store.tidy(PRODUCTION, now);
        Item item = store.item(PRODUCTION, Kind.SECRET, PASSWORD).orElseThrow();
        assertEquals(Optional.empty(), item.versions().get(0).kept(), "what nobody can read is not kept");
    }

    @Test
    void theFormerVersionEndsWithTheConfirmationOfTheNewest() throws Exception {
        secret("correct horse", HOUR);
        secret("battery staple", HOUR);

        assertEquals(Optional.empty(), store.confirm(PRODUCTION, Kind.SECRET, PASSWORD, 1, "ben", now));
        Item confirmed =
                store.confirm(PRODUCTION, Kind.SECRET, PASSWORD, 2, "ben", now).orElseThrow();

        assertEquals(Optional.of("ben"), confirmed.newest().confirmedBy());
        assertEquals(Map.of(PASSWORD, "battery staple"), config().secrets());
    }

    @Test
    void aThirdVersionLeavesOnlyTheSecondBesideIt() throws Exception {
        secret("correct horse", HOUR);
        secret("battery staple", HOUR);
        secret("no one knows", HOUR);

        assertEquals("battery staple", config().secrets().get(PASSWORD + ".former"));
        assertFalse(config().secrets().containsValue("correct horse"));
    }

    @Test
    void whatIsTakenAwayIsGoneAtOnceAndStillListed() throws Exception {
        secret("correct horse", HOUR);
        secret("battery staple", HOUR);

        assertTrue(store.remove(PRODUCTION, Kind.SECRET, PASSWORD, "ben", now).isPresent());

        assertEquals(Map.of(), config().secrets());
        assertTrue(config().hasSecrets());
        Item item = store.item(PRODUCTION, Kind.SECRET, PASSWORD).orElseThrow();
        assertEquals(
                List.of(1, 2, 3),
                item.versions().stream().map(ItemVersion::number).toList());
        assertTrue(item.versions().stream().allMatch(version -> version.kept().isEmpty()));
        assertEquals(Optional.empty(), store.remove(PRODUCTION, Kind.SECRET, PASSWORD, "ben", now));
        secret("battery staple", HOUR);
        assertEquals(Map.of(PASSWORD, "battery staple"), config().secrets());
    }

    @Test
    void oneNameIsOneFile() throws Exception {
        setting(PASSWORD, "hello");

        ConfigRefused refused = assertThrows(ConfigRefused.class, () -> secret("correct horse", HOUR));

        assertTrue(refused.getMessage().contains("a name of its own"), refused.getMessage());
        assertFalse(refused.getMessage().contains("correct horse"));
    }

    @Test
    void refusesMoreThanATargetTakes() throws Exception {
        for (int i = 0; i < 6; i++) {
            setting("LONG_" + i, "x".repeat(ConfigStore.MOST_CHARACTERS));
        }

        ConfigRefused refused =
                assertThrows(ConfigRefused.class, () -> setting("LONG_6", "x".repeat(ConfigStore.MOST_CHARACTERS)));

        assertTrue(refused.getMessage().contains("at most 400 KiB"), refused.getMessage());
    }

    @Test
    void refusesMoreItemsThanAnybodyNeeds() throws Exception {
        for (int i = 0; i < 200; i++) {
            setting("S" + i, "x");
        }

        ConfigRefused refused = assertThrows(ConfigRefused.class, () -> setting("S200", "x"));

        assertTrue(refused.getMessage().contains("at most 200"), refused.getMessage());
        setting("S1", "y");
    }

    @Test
    void keysCanBeChangedWhileTheStoreIsOpen() throws Exception {
        Path keys = Files.writeString(directory.resolve("keys"), "a".repeat(64) + "\n");
        store = new ConfigStore(directory, Optional.of(keys));
        secret("correct horse", HOUR);

        Files.writeString(keys, "b".repeat(64) + "\n" + "a".repeat(64) + "\n");
        store.tidy(PRODUCTION, now);
        Files.writeString(keys, "b".repeat(64) + "\n");
        assertEquals(Map.of(PASSWORD, "correct horse"), config().secrets());

        Files.writeString(keys, "c".repeat(64) + "\n");
        IOException missing = assertThrows(IOException.class, this::config);
        assertTrue(missing.getMessage().contains("put it back"), missing.getMessage());
        Files.writeString(keys, "short\n");
        IOException none = assertThrows(IOException.class, this::config);
        assertTrue(none.getMessage().contains("openssl rand"), none.getMessage());
    }

    private void setting(String name, String value) throws Exception {
        store.put(PRODUCTION, Kind.SETTING, name, value, "ana", now, Duration.ZERO);
    }

    private void secret(String value, Duration overlap) throws Exception {
        store.put(PRODUCTION, Kind.SECRET, PASSWORD, value, "ana", now, overlap);
    }

    private Config config() throws IOException {
        return store.config(PRODUCTION, now);
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> {
                        try {
                            return Files.readString(file);
                        } catch (IOException e) {
                            throw new AssertionError(e);
                        }
                    })
                    .toList();
        }
    }
}
