package dev.flujo.bench;

import dev.flujo.core.plan.PlanReader;
import dev.flujo.core.plan.PlanReading;
import dev.flujo.core.trigger.Forecast;
import dev.flujo.core.trigger.TriggerEvent;
import dev.flujo.event.Cause;
import dev.flujo.event.plan.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reading large pipeline files, and refusing those that are too large; needs nothing that runs. */
final class Language {

    private static final int JOBS = 1000;
    private static final int WARM = 30;
    private static final int TIMES = 50;

    List<Figure> measure() {
        String jobs = thousandJobs();
        String cells = tenThousandCells();
        Latencies plan = times(() -> plan(jobs));
        Latencies refuse = times(() -> refuse(cells));
        return List.of(
                Figure.atMost(
                        "parse and plan a pipeline of 1,000 jobs, p50 of " + TIMES, plan.percentile(0.5), "ms", 50),
                Figure.shown("parse and plan a pipeline of 1,000 jobs, p99", plan.percentile(0.99), "ms"),
                Figure.atMost("refuse a matrix of 10,000 cells, p99 of " + TIMES, refuse.percentile(0.99), "ms", 100));
    }

    private static Latencies times(Runnable work) {
        for (int i = 0; i < WARM; i++) {
            work.run();
        }
        List<Double> times = new ArrayList<>();
        for (int i = 0; i < TIMES; i++) {
            long began = System.nanoTime();
            work.run();
            times.add((System.nanoTime() - began) / 1e6);
        }
        return Latencies.of(times);
    }

    private static void plan(String source) {
        Plan plan = ((PlanReading.Readable) PlanReader.read(source)).plan();
        TriggerEvent push = new TriggerEvent(Cause.Kind.PUSH, Map.of("branch", "main"));
        int planned = Forecast.of(plan, "bench", push, Map.of()).jobs().size();
        if (planned != JOBS) {
            throw new IllegalStateException("Expected " + JOBS + " jobs, but there are " + planned);
        }
    }

    private static void refuse(String source) {
        if (!(PlanReader.read(source) instanceof PlanReading.Refused)) {
            throw new IllegalStateException("Expected a matrix that is too large to be refused, but it was read");
        }
    }

    private static String thousandJobs() {
        StringBuilder source = new StringBuilder("name: large\njobs:\n");
        for (int job = 0; job < JOBS; job++) {
            source.append("  j").append(job).append(":\n");
            if (job > 0) {
                source.append("    needs: [j").append(job / 2).append("]\n");
            }
            source.append("    if: event.branch == 'main'\n    timeout: 10m\n    steps: [make, make test]\n");
        }
        return source.toString();
    }

    private static String tenThousandCells() {
        String values = String.join(
                ", ",
                java.util.stream.IntStream.range(0, 100)
                        .mapToObj(Integer::toString)
                        .toList());
        return "name: large\njobs:\n  test:\n    matrix: {a: [" + values + "], b: [" + values
                + "]}\n    steps: [make]\n";
    }
}
