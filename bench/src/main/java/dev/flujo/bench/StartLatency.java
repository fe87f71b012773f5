package dev.flujo.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** From the request for a run to its first command, with real processes, no checkout, and the history being written. */
final class StartLatency implements Measurement {

    /** So many the compilers of the services need to have seen what is hot; so few at once that none of them waits. */
    private static final int WARM_UP = 6000;

    private static final int WARM_UP_AT_ONCE = 6;

    private static final int RUNS = 1000;
    private static final double PER_SECOND = 20;

    @Override
    public List<Figure> measure(Session session) throws InterruptedException {
        warmUp(session);
        Latencies times = run(session, "start", RUNS);
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
            for (int done = WARM_UP_AT_ONCE; done <= WARM_UP; done += WARM_UP_AT_ONCE) {
                load.atOnce(WARM_UP_AT_ONCE);
                log.await(session, done);
            }
        }
    }

    private static Latencies run(Session session, String project, int count) throws InterruptedException {
        Witness witness = session.witness(project);
        session.api().submit(project, Pipelines.oneStep(witness.command("begun")));
        try (RunLog log = session.runLog()) {
            Map<String, Double> sent = Load.sentByRun(new Load(session.api(), project).atRate(count, PER_SECOND));
            log.await(session, count);
            List<Double> times = new ArrayList<>();
            witness.millisByRun().forEach((run, marks) -> times.add(marks.get("begun") - sent.get(run)));
            if (times.size() != count) {
                throw new IllegalStateException(
                        "Expected " + count + " runs to be executed, but " + times.size() + " were");
            }
            return Latencies.of(times);
        }
    }
}
