package dev.flujo.bench;

import dev.flujo.stack.Await;
import dev.flujo.stack.LocalStack;
import dev.flujo.stack.ServiceMember;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Lines of steps that print one each tenth of a second, followed at both of two replicas of pipeline-service at once: from the moment in
 * which a line was printed to that in which who follows has it. Each replica takes in some of the logs, and shows them all. Some
 * are followed before, so that what is measured is compiled.
 */
final class LiveLog implements Measurement {

    private static final int PROJECTS = 4;
    private static final int LINES = 150;
    private static final int WARM_UP_ROUNDS = 2;
    private static final String COMMAND =
            "sleep 2; for i in {1.." + LINES + "}; do echo \"$EPOCHREALTIME\"; sleep 0.1; done";

    @Override
    public List<Figure> measure(Session session) {
        LocalStack stack = session.stack();
        ServiceMember own = stack.service("pipeline-service");
        ServiceMember other =
                stack.replica("pipeline-service", session.beside("live-replica"), Await.freePort(), Map.of());
        List<Double> millis;
        ExecutorService users = Executors.newCachedThreadPool();
        try {
            other.start();
            other.awaitReady();
            List<Api> replicas = List.of(session.api(), new Api(other.url(), stack.adminToken()));
            for (int i = 0; i < PROJECTS; i++) {
                session.api().submit("live-" + i, Pipelines.oneStep(COMMAND));
            }
            for (int round = 0; round < WARM_UP_ROUNDS; round++) {
                follow(session, replicas, users);
            }
            millis = follow(session, replicas, users);
        } finally {
            users.shutdown();
            other.process().stop(Duration.ofSeconds(40));
        }
        own.awaitReady();
        Latencies all = Latencies.of(millis);
        return List.of(
                Figure.atLeast("lines followed live at two replicas", all.count(), "lines", 2 * PROJECTS * LINES),
                Figure.atMost("... from printed to shown, p99", all.percentile(0.99), "ms", 200),
                Figure.shown("... p50", all.percentile(0.5), "ms"),
                Figure.shown("... longest", all.percentile(1), "ms"));
    }

    /** How late each line of a run of each project came at each replica. */
    private static List<Double> follow(Session session, List<Api> replicas, ExecutorService users) {
        List<CompletableFuture<List<Double>>> followed = new ArrayList<>();
        for (int i = 0; i < PROJECTS; i++) {
            String run = session.api().start("live-" + i).join();
            String job = "/api/v1/runs/" + run + "/jobs/only";
            for (Api replica : replicas) {
                session.await(
                        () -> job + " at both replicas", () -> replica.find(job).isPresent());
                followed.add(CompletableFuture.supplyAsync(() -> follow(replica, job + "/log/stream"), users));
            }
        }
        return followed.stream().flatMap(one -> one.join().stream()).toList();
    }

    /** How late each line came. */
    private static List<Double> follow(Api replica, String stream) {
        List<Double> millis = new ArrayList<>();
        replica.follow(stream, printed -> millis.add(now() - Double.parseDouble(printed) * 1000));
        return millis;
    }

    private static double now() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1e3 + now.getNano() / 1e6;
    }
}
