package dev.flujo.metrics;

import dev.flujo.event.Attempt;
import dev.flujo.event.DeployEvent;
import dev.flujo.event.Envelope;
import dev.flujo.event.Event;
import dev.flujo.event.JobEvent;
import dev.flujo.event.LockEvent;
import dev.flujo.event.Outcome;
import dev.flujo.event.RunEvent;
import dev.flujo.event.TestSummary;
import dev.flujo.event.plan.Job;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Reads the timeline of a run from its events: accepted facts by the orchestrator's clock, serving by deploy-service's. */
public final class RunHistory {

    private final Map<Attempt, AttemptTimes> attempts = new TreeMap<>();
    private final RunEvent.RunQueued queued;
    private final List<Envelope> events;
    private final Instant received;
    private final Optional<Envelope> finished;
    private final Instant end;

    private RunHistory(RunEvent.RunQueued queued, List<Envelope> events) {
        this.queued = queued;
        this.events = events;
        this.received = millis(queued.cause().receivedAt());
        this.finished = events.stream()
                .filter(envelope -> envelope.event() instanceof RunEvent.RunFinished)
                .findFirst();
        Instant last = events.stream()
                .map(Envelope::time)
                .max(Comparator.naturalOrder())
                .orElseThrow();
        Instant ended = serving().max(Comparator.naturalOrder()).orElseGet(() -> finished.map(Envelope::time)
                .orElse(last));
        this.end = ended.isBefore(received) ? received : millis(ended);
        events.forEach(this::note);
    }

    /**
     * The timeline that these events of one run give, in any order and repeated at will; none before it is queued. Of two
     * facts with one sequence, which no sound log holds, the earlier counts.
     */
    public static Optional<RunTimeline> of(List<Envelope> events, Rules rules) {
        Set<String> seen = new HashSet<>();
        List<Envelope> ordered = events.stream()
                .sorted(Comparator.comparing(Envelope::sequence)
                        .thenComparing(Envelope::time)
                        .thenComparing(Envelope::id))
                .filter(envelope -> seen.add(
                        envelope.sequence() > 0
                                ? Long.toString(envelope.sequence())
                                : envelope.source() + " " + envelope.id()))
                .toList();
        return ordered.stream()
                .filter(envelope -> envelope.event() instanceof RunEvent.RunQueued)
                .findFirst()
                .map(envelope -> new RunHistory((RunEvent.RunQueued) envelope.event(), ordered).timeline(rules));
    }

    private RunTimeline timeline(Rules rules) {
        Map<Phase, Duration> phases = new EnumMap<>(Phase.class);
        queued.revision()
                .committedAt()
                .map(RunHistory::millis)
                .filter(committed -> !committed.isAfter(received))
                .ifPresent(committed -> phases.put(Phase.COMMIT_TO_TRIGGER, Duration.between(committed, received)));
        phases.putAll(new Sweep(received, end, spans(rules)).phases());
        return new RunTimeline(
                queued.run(),
                queued.project(),
                queued.pipeline(),
                queued.revision().committedAt(),
                queued.cause().receivedAt(),
                finished.map(envelope -> ((RunEvent.RunFinished) envelope.event()).outcome()),
                attempts.values().stream().anyMatch(times -> times.started().isPresent()),
                settled(),
                end,
                phases,
                finished.map(envelope -> Duration.between(received, millis(envelope.time()))));
    }

    /** Finished, and the deployment of every deploy job that succeeded is known: nothing of this will change. */
    private boolean settled() {
        long deployed = attempts.values().stream()
                .filter(times -> isDeploy(times.attempt()) && times.outcome().equals(Optional.of(Outcome.SUCCEEDED)))
                .map(times -> times.attempt().job())
                .distinct()
                .count();
        return finished.isPresent() && serving().count() >= deployed;
    }

    private java.util.stream.Stream<Instant> serving() {
        return events.stream().flatMap(envelope -> {
            if (envelope.event() instanceof DeployEvent.ServiceDeployed e)
                return java.util.stream.Stream.of(e.servingSince());
            if (envelope.event() instanceof DeployEvent.ServiceUpgraded e)
                return java.util.stream.Stream.of(e.servingSince());
            return java.util.stream.Stream.empty();
        });
    }

    private void note(Envelope envelope) {
        if (!(envelope.event() instanceof JobEvent event)) {
            return;
        }
        AttemptTimes times = attempts.computeIfAbsent(event.attempt(), AttemptTimes::new);
        times.note(event, millis(envelope.time()));
    }

    private List<Span> spans(Rules rules) {
        List<Span> spans = new ArrayList<>();
        spans.add(new Span(Phase.QUEUE, received, firstQueued()));
        for (AttemptTimes times : attempts.values()) {
            times.queued()
                    .ifPresent(since -> spans.add(
                            new Span(Phase.QUEUE, since, times.started().orElse(times.ended(end)))));
            times.started().ifPresent(since -> {
                boolean deploys = isDeploy(times.attempt());
                spans.add(new Span(deploys ? Phase.DEPLOY : Phase.BUILD, since, times.ended(end)));
                spans.addAll(times.tests(rules, end));
            });
        }
        return spans;
    }

    private Instant firstQueued() {
        return events.stream()
                .filter(envelope -> ofJob(envelope.event()))
                .map(envelope -> millis(envelope.time()))
                .min(Comparator.naturalOrder())
                .orElse(end);
    }

    /** Whether something happens to a job; a run that waits for its turn in its concurrency group waits as a whole. */
    private static boolean ofJob(Event event) {
        return event instanceof JobEvent
                || (event instanceof LockEvent lock && lock.attempt().isPresent());
    }

    private boolean isDeploy(Attempt attempt) {
        return queued.plan().job(attempt.job()).flatMap(Job::deploy).isPresent();
    }

    private static Instant millis(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS);
    }

    /** A stretch of time in which the run did something. */
    record Span(Phase phase, Instant from, Instant to) {}

    /** Cuts the time between two instants at every span's borders and gives each piece to one phase. */
    private record Sweep(Instant from, Instant to, List<Span> spans) {

        /** What a moment counts as when several things happen: the phase nearest to the market. */
        private static final List<Phase> NEAREST_FIRST = List.of(Phase.DEPLOY, Phase.TEST, Phase.BUILD, Phase.QUEUE);

        Map<Phase, Duration> phases() {
            TreeSet<Instant> borders = new TreeSet<>(Set.of(from));
            borders.add(to);
            for (Span span : spans) {
                borders.add(span.from());
                borders.add(span.to());
            }
            List<Instant> cuts = List.copyOf(borders.subSet(from, true, to, true));
            Map<Phase, Duration> phases = new EnumMap<>(Phase.class);
            NEAREST_FIRST.forEach(phase -> phases.put(phase, Duration.ZERO));
            phases.put(Phase.WAIT, Duration.ZERO);
            for (int i = 1; i < cuts.size(); i++) {
                Duration piece = Duration.between(cuts.get(i - 1), cuts.get(i));
                phases.merge(phaseAt(cuts.get(i - 1)), piece, Duration::plus);
            }
            return phases;
        }

        private Phase phaseAt(Instant instant) {
            return NEAREST_FIRST.stream()
                    .filter(phase -> spans.stream()
                            .anyMatch(span -> span.phase() == phase
                                    && !span.from().isAfter(instant)
                                    && span.to().isAfter(instant)))
                    .findFirst()
                    .orElse(Phase.WAIT);
        }
    }

    /** Whether these tests are any: a report with no test in it says nothing about what the steps did. */
    static boolean hasTests(Optional<TestSummary> tests) {
        return tests.filter(summary -> summary.total() > 0).isPresent();
    }
}
