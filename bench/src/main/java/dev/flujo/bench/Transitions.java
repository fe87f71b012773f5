package dev.flujo.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** From the end of a job's command to the command of the job that needs it, and from step to step. */
final class Transitions implements Measurement {

    private static final int RUNS = 300;
    private static final double PER_SECOND = 5;
    private static final int STEPS = 10;

    @Override
    public List<Figure> measure(Session session) throws InterruptedException {
        Latencies jobs = jobs(session);
        Latencies steps = steps(session);
        return List.of(
                Figure.atMost("job to dependent job, p50 of " + jobs.count(), jobs.percentile(0.5), "ms", 25),
                Figure.shown("job to dependent job, p99", jobs.percentile(0.99), "ms"),
                Figure.atMost("step to step, p50 of " + steps.count(), steps.percentile(0.5), "ms", 5),
                Figure.shown("step to step, p99", steps.percentile(0.99), "ms"));
    }

    private static Latencies jobs(Session session) throws InterruptedException {
        Witness witness = session.witness("jobs");
        session.api().submit("jobs", Pipelines.twoJobs(witness.command("ended"), witness.command("begun")));
        List<Double> times = new ArrayList<>();
        for (Map<String, Double> marks : run(session, witness, "jobs", RUNS)) {
            times.add(marks.get("begun") - marks.get("ended"));
        }
        return Latencies.of(times);
    }

    private static Latencies steps(Session session) throws InterruptedException {
        Witness witness = session.witness("steps");
        String[] commands = new String[STEPS];
        for (int i = 0; i < STEPS; i++) {
            commands[i] = witness.command("begun-" + i) + "\n" + witness.command("ended-" + i);
        }
        session.api().submit("steps", Pipelines.steps(commands));
        List<Double> times = new ArrayList<>();
        for (Map<String, Double> marks : run(session, witness, "steps", RUNS / STEPS)) {
            for (int i = 1; i < STEPS; i++) {
                times.add(marks.get("begun-" + i) - marks.get("ended-" + (i - 1)));
            }
        }
        return Latencies.of(times);
    }

    private static List<Map<String, Double>> run(Session session, Witness witness, String project, int count)
            throws InterruptedException {
        try (RunLog log = session.runLog()) {
            new Load(session.api(), project).atRate(count, PER_SECOND);
            log.await(session, count);
            return List.copyOf(witness.millisByRun().values());
        }
    }
}
