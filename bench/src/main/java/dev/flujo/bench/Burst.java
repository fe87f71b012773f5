package dev.flujo.bench;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** A thousand requests at once: how long until all are accepted; then all of them are executed. */
final class Burst implements Measurement {

    private static final int RUNS = 1000;

    @Override
    public List<Figure> measure(Session session) throws InterruptedException {
        session.api().submit("burst", Pipelines.oneStep("echo hello"));
        try (RunLog log = session.runLog()) {
            long begin = System.nanoTime();
            List<Load.Started> started = new Load(session.api(), "burst").atOnce(RUNS);
            double accepted = (System.nanoTime() - begin) / 1e9;
            Set<String> runs = started.stream().map(Load.Started::run).collect(Collectors.toCollection(HashSet::new));
            session.await(
                    () -> "the burst's runs to end",
                    () -> log.finished().keySet().containsAll(runs));
            double executed = (System.nanoTime() - begin) / 1e9;
            return List.of(
                    Figure.atMost(runs.size() + " requests at once, all accepted after", accepted, "s", 5),
                    Figure.shown("... and all executed after", executed, "s"));
        }
    }
}
