package dev.flujo.deploy.config;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flujo.deploy.Environment;
import dev.flujo.deploy.Facts;
import dev.flujo.event.ConfigEvent;
import dev.flujo.event.EventCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The settings and secrets of environments on disk, one file each, durable before anybody is told that it is set. */
public final class ConfigStore {

    /** The longest value; what is longer belongs into an artifact. */
    public static final int MOST_CHARACTERS = 64 * 1024;

    /** Cluster and directory take no more of one environment, former versions included. */
    private static final int MOST_ALTOGETHER = 400 * 1024;

    private static final int MOST_ITEMS = 200;
    private static final ObjectMapper JSON = new EventCodec().mapper();

    private final Path root;
    private final Seal seal;

    /** @param keys the file with the keys of secrets; without one, a key is made and kept beside the secrets */
    public ConfigStore(Path directory, Optional<Path> keys) throws IOException {
        this.root = directory.resolve("config");
        this.seal = new Seal(keys.isPresent() ? keys.get() : ownKey(directory));
    }

    /** Sets an item; the version before can be read beside it for so long. */
    public synchronized Item put(
            Environment environment, Kind kind, String name, String value, String by, Instant now, Duration overlap)
            throws ConfigRefused, IOException {
        Optional<Item> before = item(environment, name);
        checkKind(before, kind, name);
        List<Item> others = items(environment).stream()
                .filter(item -> !item.name().equals(name))
                .toList();
        if (before.isEmpty() && others.size() >= MOST_ITEMS) {
            throw new ConfigRefused("Expected at most " + MOST_ITEMS
                    + " settings and secrets of an environment, but there are more; take some away");
        }
        int number = before.map(item -> item.newest().number()).orElse(0) + 1;
        String kept = kind == Kind.SECRET ? seal.close(place(environment, name, number), value) : value;
        Optional<Instant> formerUntil =
                before.isPresent() && !overlap.isZero() ? Optional.of(now.plus(overlap)) : Optional.empty();
        ItemVersion version = new ItemVersion(number, by, now, Optional.of(kept), false, formerUntil, Optional.empty());
        Item next = before.isPresent() ? before.get().with(version) : new Item(name, kind, List.of(version));
        checkSize(others, next, now);
        return write(environment, next.withoutPastSecrets(now));
    }

    /** Takes an item away; what it was set to before is still listed. */
    public synchronized Optional<Item> remove(Environment environment, Kind kind, String name, String by, Instant now)
            throws IOException {
        Optional<Item> before = item(environment, kind, name);
        if (before.isEmpty() || before.get().newest().gone()) {
            return Optional.empty();
        }
        int number = before.get().newest().number() + 1;
        ItemVersion gone = new ItemVersion(number, by, now, Optional.empty(), true, Optional.empty(), Optional.empty());
        return Optional.of(write(environment, before.get().with(gone).withoutPastSecrets(now)));
    }

    /** Ends the time in which the version before this one can be read, too; empty where this is not the newest one. */
    public synchronized Optional<Item> confirm(
            Environment environment, Kind kind, String name, int version, String by, Instant now) throws IOException {
        Optional<Item> before =
                item(environment, kind, name).filter(item -> item.newest().number() == version);
        if (before.isEmpty() || before.get().former(now).isEmpty()) {
            return before;
        }
        Item next = before.get().withNewest(before.get().newest().confirmed(by, now));
        return Optional.of(write(environment, next.withoutPastSecrets(now)));
    }

    /** All items of an environment by name, also those that were taken away. */
    public List<Item> items(Environment environment) throws IOException {
        Path directory = facts(environment).directory();
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        List<Item> items = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(path -> !path.toString().endsWith(".tmp"))
                    .sorted()
                    .toList()) {
                item(environment, file.getFileName().toString()).ifPresent(items::add);
            }
        }
        return items;
    }

    public Optional<Item> item(Environment environment, Kind kind, String name) throws IOException {
        return item(environment, name).filter(item -> item.kind() == kind);
    }

    /** What applications of an environment are given at this moment. */
    public Config config(Environment environment, Instant now) throws IOException {
        StringBuilder versions = new StringBuilder();
        List<ConfigEvent.Item> given = new ArrayList<>();
        TreeMap<String, String> settings = new TreeMap<>();
        TreeMap<String, String> secrets = new TreeMap<>();
        boolean hasSecrets = false;
        for (Item item : items(environment)) {
            hasSecrets |= item.kind() == Kind.SECRET;
            if (item.newest().gone()) {
                continue;
            }
            TreeMap<String, String> files = item.kind() == Kind.SECRET ? secrets : settings;
            files.put(item.name(), value(environment, item, item.newest()));
            Optional<ItemVersion> former = item.former(now);
            if (former.isPresent()) {
                files.put(item.name() + Config.FORMER, value(environment, item, former.get()));
            }
            versions.append(item.name())
                    .append('=')
                    .append(item.newest())
                    .append(former)
                    .append('\n');
            given.add(new ConfigEvent.Item(
                    item.name(), item.kind() == Kind.SECRET, item.newest().number(), former.map(ItemVersion::number)));
        }
        return new Config(Config.mark(versions.toString()), given, settings, secrets, hasSecrets);
    }

    /** Forgets the secrets that nobody can read any more, and seals those anew whose key is not the first one any more. */
    public synchronized void tidy(Environment environment, Instant now) throws IOException {
        for (Item item : items(environment)) {
            Item tidy = item.withoutPastSecrets(now);
            if (tidy.kind() == Kind.SECRET) {
                tidy = sealedAnew(environment, tidy);
            }
            if (!tidy.equals(item)) {
                write(environment, tidy);
            }
        }
    }

    private Item sealedAnew(Environment environment, Item item) throws IOException {
        List<ItemVersion> versions = new ArrayList<>();
        for (ItemVersion version : item.versions()) {
            boolean old =
                    version.kept().isPresent() && seal.isOld(version.kept().get());
            versions.add(
                    old
                            ? version.with(Optional.of(seal.close(
                                    place(environment, item.name(), version.number()),
                                    value(environment, item, version))))
                            : version);
        }
        return new Item(item.name(), item.kind(), versions);
    }

    private static void checkKind(Optional<Item> before, Kind kind, String name) throws ConfigRefused {
        if (before.isPresent() && before.get().kind() != kind) {
            throw new ConfigRefused("Expected a name of its own for the " + kind.word() + " '" + name
                    + "', but the environment has a " + before.get().kind().word()
                    + " of that name, and both would be one file; choose another name");
        }
    }

    /** As if every value were as long as it is kept, which is a little longer for secrets. */
    private static void checkSize(List<Item> others, Item next, Instant now) throws ConfigRefused {
        long all = Stream.concat(others.stream(), Stream.of(next))
                .flatMap(item -> Stream.concat(Stream.of(item.newest()), item.former(now).stream()))
                .mapToLong(version -> version.kept().map(String::length).orElse(0))
                .sum();
        if (all > MOST_ALTOGETHER) {
            throw new ConfigRefused("Expected settings and secrets of at most " + MOST_ALTOGETHER / 1024
                    + " KiB in an environment, but these are more; take some away");
        }
    }

    private String value(Environment environment, Item item, ItemVersion version) throws IOException {
        String kept = version.kept().orElse("");
        return item.kind() == Kind.SECRET ? seal.open(place(environment, item.name(), version.number()), kept) : kept;
    }

    private static String place(Environment environment, String name, int number) {
        return environment + "/" + name + "/" + number;
    }

    private Optional<Item> item(Environment environment, String name) throws IOException {
        Optional<String> text = facts(environment).fact(name);
        return text.isEmpty() ? Optional.empty() : Optional.of(JSON.readValue(text.get(), Item.class));
    }

    private Item write(Environment environment, Item item) throws IOException {
        facts(environment).replace(item.name(), JSON.writeValueAsString(item));
        return item;
    }

    private Facts facts(Environment environment) {
        return new Facts(root.resolve(environment.project()).resolve(environment.name()));
    }

    private static Path ownKey(Path directory) throws IOException {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        new Facts(directory).settled("config-key", HexFormat.of().formatHex(bytes));
        return directory.resolve("config-key");
    }
}
