package dev.flujo.runner.cache;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.Revision;
import dev.flujo.event.Work;
import dev.flujo.event.plan.Job;
import dev.flujo.event.plan.Supplies;
import dev.flujo.event.plan.Supplies.Cache;
import dev.flujo.event.plan.Supplies.Cache.Policy;
import dev.flujo.runner.Works;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One attempt of a job with caches, with a place of its own. */
public final class CachedJob {

    final Path workspace;
    final Path home;
    private final JobCaches caches;

    /** An attempt in an empty place, each of whose caches may have so many bytes. */
    public CachedJob(Path place, CacheEntries entries, Work work, long mostOfOne) throws IOException {
        this.workspace = Files.createDirectories(place.resolve("workspace"));
        this.home = Files.createDirectories(place.resolve("home"));
        this.caches = new JobCaches(
                entries,
                work,
                new JobCaches.Places(workspace, home, place.resolve("keys"), place.resolve("archive")),
                mostOfOne);
    }

    /** Work whose job has these caches, of a scope as the orchestrator names it. */
    public static Work work(String scope, String branch, List<Cache> caches) {
        Work plain = Works.of("true");
        Job job = plain.job();
        return new Work(
                "shop",
                "main",
                plain.attempt(),
                new Job(
                        job.id(),
                        job.needs(),
                        job.env(),
                        job.steps(),
                        job.timeout(),
                        job.artifacts(),
                        job.junit(),
                        job.deploy(),
                        job.name(),
                        job.gate(),
                        job.placement(),
                        job.tolerance(),
                        new Supplies(List.of(), caches, List.of(), Optional.empty()),
                        job.results(),
                        job.matrix(),
                        job.cell(),
                        job.bindings()),
                new Revision(
                        Optional.empty(),
                        branch,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()),
                Map.of(Work.CACHES, scope),
                "ana",
                List.of());
    }

    /** A cache of the directory {@code deps}. */
    public static Cache named(String key, String... restoreKeys) {
        return new Cache(List.of("deps"), Optional.of(key), List.of(), List.of(restoreKeys), Policy.BOTH);
    }

    CachedJob with(String file, String text) throws IOException {
        Path path = workspace.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
        return this;
    }

    public String restore() throws IOException {
        return String.join("\n", caches.restore());
    }

    String keep() throws IOException {
        return String.join("\n", caches.keep());
    }

    /** Writes something into the cache's only directory and keeps it. */
    public void leave(String text) throws IOException {
        restore();
        with("deps/a", text);
        String said = keep();
        assertTrue(said.contains(": kept, 1 files of "), said);
    }

    public String found() throws IOException {
        restore();
        Path file = workspace.resolve("deps/a");
        return Files.exists(file) ? Files.readString(file) : "nothing";
    }
}
