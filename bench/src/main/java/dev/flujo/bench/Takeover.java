package dev.flujo.bench;

import dev.flujo.stack.Await;
import dev.flujo.stack.LocalStack;
import dev.flujo.stack.ServiceMember;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/** Two replicas of pipeline-service, one of which is killed under load: how long a run waits for the other to take over. */
final class Takeover implements Measurement {

    private static final int KILLS = 5;
    private static final int PROJECTS = 12;
    private static final long EVERY_NANOS = 100_000_000;
    private static final int BEFORE = 50;
    private static final int AFTER = 150;
    private static final Map<String, String> STANDBY = Map.of("FLUJO_ORCHESTRATOR_STANDBY_REPLICAS", "1");

    @Override
    public List<Figure> measure(Session session) throws InterruptedException {
        LocalStack stack = session.stack();
        ServiceMember own = stack.service("pipeline-service");
        session.runWith("dummy", 64);
        own.process().stop(Duration.ofSeconds(40));
        List<ServiceMember> replicas = List.of(
                stack.replica("pipeline-service", session.beside("replica-1"), Await.freePort(), STANDBY),
                stack.replica("pipeline-service", session.beside("replica-2"), Await.freePort(), STANDBY));
        List<Double> waits = new ArrayList<>();
        try {
            for (ServiceMember replica : replicas) {
                replica.start();
            }
            replicas.forEach(ServiceMember::awaitReady);
            Api api = new Api(replicas.get(0).url(), stack.adminToken());
            for (int i = 0; i < PROJECTS; i++) {
                api.submit("takeover-" + i, Pipelines.oneStep("print hello"));
            }
            for (int kill = 0; kill < KILLS; kill++) {
                ServiceMember victim = replicas.get(kill % 2);
                waits.add(longestWait(session, victim, replicas.get(1 - kill % 2)));
                victim.start();
                victim.awaitReady();
            }
        } finally {
            replicas.forEach(replica -> replica.process().stop(Duration.ofSeconds(40)));
        }
        own.start();
        own.awaitReady();
        Latencies sorted = Latencies.of(waits);
        return List.of(
                Figure.atMost(
                        "one of two replicas killed under load: longest wait of a run, worst of " + KILLS,
                        sorted.percentile(1),
                        "s",
                        10),
                Figure.shown("... median", sorted.percentile(0.5), "s"));
    }

    /** From the kill, or the request where that came later, to the end of the run that had to wait longest. */
    private static double longestWait(Session session, ServiceMember victim, ServiceMember other) {
        Api api = new Api(other.url(), session.stack().adminToken());
        try (RunLog log = session.runLog()) {
            Map<CompletableFuture<String>, Long> sent = new LinkedHashMap<>();
            long begin = System.nanoTime();
            long killed = Long.MAX_VALUE;
            for (int i = 0; i < BEFORE + AFTER; i++) {
                LockSupport.parkNanos(begin + i * EVERY_NANOS - System.nanoTime());
                if (i == BEFORE) {
                    victim.process().kill();
                    killed = System.nanoTime();
                }
                sent.put(api.start("takeover-" + i % PROJECTS), System.nanoTime());
            }
            log.await(session, sent.size());
            double longest = 0;
            for (Map.Entry<CompletableFuture<String>, Long> one : sent.entrySet()) {
                long from = Math.max(one.getValue(), killed);
                long ended = log.finished().get(one.getKey().join());
                longest = Math.max(longest, (ended - from) / 1e9);
            }
            return longest;
        }
    }
}
