package dev.flujo.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * How many one-step runs a second are executed when there are always more: from the first request to the last end on the
 * run log. The history may follow later; how much later is shown.
 */
final class Throughput implements Measurement {

    private static final int UNANSWERED = 32;

    @Override
    public List<Figure> measure(Session session) throws InterruptedException {
        List<Figure> figures = new ArrayList<>();
        session.runWith("dummy", 64);
        execute(session, "warm-up-dummy", "print hello", 1000);
        figures.addAll(figures("dummy", execute(session, "rate-dummy", "print hello", 4000), 100));
        session.runWith("process", 4);
        execute(session, "warm-up-process", "echo hello", 200);
        figures.addAll(figures("process", execute(session, "rate-process", "echo hello", 1000), 25));
        return figures;
    }

    private record Executed(double perSecond, double historySeconds) {}

    private static List<Figure> figures(String executor, Executed executed, double bound) {
        return List.of(
                Figure.atLeast("one-step runs a second, executor " + executor, executed.perSecond(), "/s", bound),
                Figure.shown("the history has them all after another", executed.historySeconds(), "s"));
    }

    private static Executed execute(Session session, String project, String command, int count)
            throws InterruptedException {
        session.api().submit(project, Pipelines.oneStep(command));
        try (RunLog log = session.runLog()) {
            long begin = System.nanoTime();
            List<Load.Started> started = new Load(session.api(), project).asFastAsAccepted(count, UNANSWERED);
            log.await(session, count);
            long end = log.finished().values().stream()
                    .mapToLong(Long::longValue)
                    .max()
                    .orElseThrow();
            session.awaitInHistory(List.of(started.get(0).run()));
            session.awaitInHistory(List.of(started.get(count - 1).run()));
            session.awaitInHistory(started.stream().map(Load.Started::run).toList());
            return new Executed(count / ((end - begin) / 1e9), (System.nanoTime() - end) / 1e9);
        }
    }
}
