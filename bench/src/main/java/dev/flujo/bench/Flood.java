package dev.flujo.bench;

import dev.flujo.event.CommitEvent.CommitPushed;
import dev.flujo.event.Envelope;
import dev.flujo.event.Topic;
import dev.flujo.stack.Memory;
import dev.flujo.stack.ServiceMember;
import dev.flujo.stack.TestLog;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Very many commits at once on their topic, while there is no runner: how the API does meanwhile, what a run that waits takes
 * of memory and disk, and how long it takes to read the state of them all again from the topics. Then a runner comes. Before
 * that, some are executed, so that what is measured is compiled.
 */
final class Flood implements Measurement {

    private static final int PROJECTS = 20;
    private static final int COMMITS = 650;
    private static final int LAST = 500;
    private static final int WARM_UP_COMMITS = 400;
    private static final int RUNS = PROJECTS * COMMITS;
    private static final int SLOTS = 64;
    private static final String PROBED = "flood-probe";

    @Override
    public List<Figure> measure(Session session) throws IOException {
        session.api().submit(PROBED, Pipelines.oneStep("print hello"));
        for (int i = 0; i < PROJECTS; i++) {
            session.api().submit("flood-" + i, Pipelines.ofPushes("print hello"));
        }
        warmUp(session);
        session.withoutRunner();
        ServiceMember service = session.stack().service("pipeline-service");
        Path state = session.stack().home().resolve("orchestrator");
        List<Figure> figures = new ArrayList<>();
        try (RunLog log = session.runLog()) {
            long memory = memory(service);
            long disk = bytes(state);
            List<ProducerRecord<String, byte[]>> flood = commits(COMMITS);
            long begin = System.nanoTime();
            Latencies meanwhile;
            double queued;
            try (Probe probe = new Probe(session.api(), PROBED)) {
                push(session, flood);
                for (int runs = 1000; runs <= RUNS; runs += 1000) {
                    int more = runs;
                    session.await(() -> more + " runs to be queued", () -> log.queued() >= more);
                }
                queued = (System.nanoTime() - begin) / 1e9;
                meanwhile = probe.latencies();
            }
            int active = log.queued();
            figures.add(Figure.atMost(
                    RUNS + " commits at once: the API meanwhile, p99 of " + meanwhile.count() + " requests",
                    meanwhile.percentile(0.99),
                    "ms",
                    200));
            figures.add(Figure.shown("... answers that were none of success", meanwhile.infinite(), ""));
            figures.add(Figure.shown("... p50", meanwhile.percentile(0.5), "ms"));
            figures.add(Figure.shown("... all runs are queued after", queued, "s"));
            figures.add(Figure.shown(
                    "resident memory of a run that waits", (memory(service) - memory) / 1024.0 / active, "KiB"));
            figures.add(
                    Figure.shown("state on disk of a run that waits", (bytes(state) - disk) / 1024.0 / active, "KiB"));
            figures.add(Figure.shown(
                    "pipeline-service without its disk is ready with the state of " + active + " runs after",
                    restored(service, state),
                    "s"));
            session.runWith("dummy", SLOTS);
            for (int runs = 1000; runs <= RUNS; runs += 1000) {
                int more = runs;
                session.await(() -> more + " runs to end", () -> log.count() >= more);
            }
            session.await(() -> active + " runs to end", () -> log.count() >= active);
        }
        return figures;
    }

    private static void warmUp(Session session) {
        session.runWith("dummy", SLOTS);
        try (RunLog log = session.runLog()) {
            Probe probe = new Probe(session.api(), PROBED);
            try (probe) {
                push(session, commits(WARM_UP_COMMITS));
                log.await(session, PROJECTS * WARM_UP_COMMITS);
            }
            log.await(session, log.queued());
            // What comes with the flood is measured, not what the history has still to do for these.
            session.awaitInHistory(log.finished().entrySet().stream()
                    .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                    .limit(LAST)
                    .map(Map.Entry::getKey)
                    .toList());
        }
    }

    /** So many commits of each project, ready to be sent: making them takes the processors some time. */
    private static List<ProducerRecord<String, byte[]>> commits(int ofEach) {
        List<ProducerRecord<String, byte[]>> commits = new ArrayList<>();
        for (int i = 0; i < PROJECTS; i++) {
            String project = "flood-" + i;
            for (int commit = 0; commit < ofEach; commit++) {
                commits.add(TestLog.record(Topic.COMMITS, project, envelope(project)));
            }
        }
        return commits;
    }

    private static void push(Session session, List<ProducerRecord<String, byte[]>> commits) {
        try (TestLog log = new TestLog(session.stack().kafka().bootstrapServers())) {
            log.write(commits);
        }
    }

    private static Envelope envelope(String project) {
        String commit = UUID.randomUUID().toString().replace("-", "") + "00000000";
        CommitPushed push = new CommitPushed(
                project, "main", commit, Optional.empty(), Optional.empty(), Optional.empty(), "robot", Instant.now());
        return Envelope.of(UUID.randomUUID().toString(), URI.create("/robot"), Instant.now(), UUID.randomUUID(), push);
    }

    private static double restored(ServiceMember service, Path state) throws IOException {
        service.process().stop(Duration.ofSeconds(40));
        try (Stream<Path> files = Files.walk(state)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        long begin = System.nanoTime();
        service.start();
        service.awaitReady();
        return (System.nanoTime() - begin) / 1e9;
    }

    private static long memory(ServiceMember service) {
        return Memory.residentMiB(service.process().process().orElseThrow().pid()) << 20;
    }

    private static long bytes(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            long sum = 0;
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                sum += Files.size(file);
            }
            return sum;
        }
    }
}
