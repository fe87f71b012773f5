package dev.flujo.bench;

import java.util.List;
import java.util.Map;

/** From the request for a run to its first command, with real processes, no checkout, and the history being written. */
final class StartLatency implements Measurement {

    /** So many the compilers of the services need to have seen what is hot; so few at once that none of them waits. */
    private static final int WARM_UP = 6000;

    private static final int WARM_UP_AT_ONCE = 6;

    /** At that rate other paths are hot than when all wait for each other; so many runs come before those that count. */
    private static final int SETTLING = 200;

    private static final int RUNS = 1000;
    private static final double PER_SECOND = 20;

    @Override
    public List<Figure> measure(Session session) throws InterruptedException {
        warmUp(session);
        Latencies times = run(session);
        return List.of(
                Figure.atMost(
                        "request to first command, p50 of " + times.count() + " runs at 20/s",
                        times.percentile(0.5),
                        "ms",
                        25),
                Figure.atMost("request to first command, p99", times.percentile(0.99), "ms", 120),
                Figure.shown("request to first command, longest", times.percentile(1), "ms"));
    }

    private static void warmUp(Session session) throws InterruptedException {
        Witness witness = session.witness("start-warm-up");
        session.api().submit("start-warm-up", Pipelines.oneStep(witness.command("begun")));
        Load load = new Load(session.api(), "start-warm-up");
        try (RunLog log = session.runLog()) {
            List<Load.Started> last = List.of();
            for (int done = WARM_UP_AT_ONCE; done <= WARM_UP; done += WARM_UP_AT_ONCE) {
                last = load.atOnce(WARM_UP_AT_ONCE);
                log.await(session, done);
            }
            // What comes at 20 a second is measured, not what the history has still to do for these.
            session.awaitInHistory(last.stream().map(Load.Started::run).toList());
        }
    }

    private static Latencies run(Session session) throws InterruptedException {
        Witness witness = session.witness("start");
        session.api().submit("start", Pipelines.oneStep(witness.command("begun")));
        try (RunLog log = session.runLog()) {
            List<Load.Started> started = new Load(session.api(), "start").atRate(SETTLING + RUNS, PER_SECOND);
            log.await(session, started.size());
            Map<String, Map<String, Double>> marks = witness.millisByRun();
            if (marks.size() != started.size()) {
                throw new IllegalStateException(
                        "Expected " + started.size() + " runs to be executed, but " + marks.size() + " were");
            }
            return Latencies.of(started.subList(SETTLING, started.size()).stream()
                    .map(one -> marks.get(one.run()).get("begun") - one.sentMillis())
                    .toList());
        }
    }
}
