package dev.flujo.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.core.run.Run;
import dev.flujo.event.DeployEvent;
import dev.flujo.event.Envelope;
import dev.flujo.event.Event;
import dev.flujo.event.JobEvent;
import dev.flujo.event.LockEvent;
import dev.flujo.event.RunEvent;
import dev.flujo.event.Topic;
import dev.flujo.stack.TestLog;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.IntStream;

/** What really lies on the topics, whatever the tables say of it: read as any other program would, committed records only. */
record RunLogs(String bootstrapServers) {

    /** Each run's events lie there in order, numbered from 1, none missing, none twice; and no run that nobody asked for. */
    void areWhole(Collection<String> runs, String project) {
        Map<String, List<Envelope>> logs = logs(project);
        assertEquals(new TreeSet<>(runs), new TreeSet<>(logs.keySet()), "runs of " + project + " on " + Topic.RUNS);
        logs.forEach((run, log) -> {
            assertEquals(
                    IntStream.rangeClosed(1, log.size()).boxed().toList(),
                    log.stream().map(event -> (int) event.sequence()).toList(),
                    "numbers in the log of " + run);
            assertEquals(
                    log.size(),
                    Set.copyOf(log.stream().map(Envelope::id).toList()).size(),
                    "ids in the log of " + run);
            assertTrue(log.get(0).event() instanceof RunEvent.RunQueued, "begin of the log of " + run);
            assertTrue(log.get(log.size() - 1).event() instanceof RunEvent.RunFinished, "end of the log of " + run);
        });
    }

    /** How many records could not be read or handled so far. */
    long deadLetters() {
        try (TestLog log = new TestLog(bootstrapServers)) {
            long count = 0;
            for (Topic topic : Topic.values()) {
                count += log.size(topic.deadLetterName());
            }
            return count;
        }
    }

    private Map<String, List<Envelope>> logs(String project) {
        Map<String, List<Envelope>> logs = new HashMap<>();
        try (TestLog log = new TestLog(bootstrapServers)) {
            for (Envelope envelope : log.events(Topic.RUNS)) {
                run(envelope.event())
                        .filter(run -> Topic.RUNS.keyOf(envelope.event()).equals(project))
                        .ifPresent(run -> logs.computeIfAbsent(run.toString(), key -> new ArrayList<>())
                                .add(envelope));
            }
        }
        return logs;
    }

    private static Optional<UUID> run(Event event) {
        if (event instanceof RunEvent e) return Optional.of(e.run());
        if (event instanceof JobEvent e) return Optional.of(e.attempt().run());
        if (event instanceof LockEvent e) return Optional.of(e.run());
        if (event instanceof DeployEvent e && e.ofEnvironment()) return Optional.empty();
        if (event instanceof DeployEvent e)
            return Optional.of(Run.deployAttempt(e).run());
        return Optional.empty();
    }
}
