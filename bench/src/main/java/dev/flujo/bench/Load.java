package dev.flujo.bench;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

/** Requests for runs of one project, sent in a given way. */
record Load(Api api, String project) {

    /** When a request for a run was sent, in milliseconds since the epoch, and the run that it started. */
    record Started(double sentMillis, String run) {}

    /** Sends requests at a fixed rate, however long the answers take; gives all of them once they are accepted. */
    List<Started> atRate(int count, double perSecond) {
        List<CompletableFuture<Started>> open = new ArrayList<>();
        long begin = System.nanoTime();
        for (int i = 0; i < count; i++) {
            long due = begin + (long) (i * 1e9 / perSecond);
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            open.add(send());
        }
        return open.stream().map(CompletableFuture::join).toList();
    }

    /** Sends all requests at once. */
    List<Started> atOnce(int count) {
        List<CompletableFuture<Started>> open = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            open.add(send());
        }
        return open.stream().map(CompletableFuture::join).toList();
    }

    /** Sends requests as fast as they are accepted, so many of them unanswered at a time. */
    List<Started> asFastAsAccepted(int count, int unanswered) throws InterruptedException {
        Semaphore room = new Semaphore(unanswered);
        List<CompletableFuture<Started>> open = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            room.acquire();
            open.add(send().whenComplete((started, failure) -> room.release()));
        }
        return open.stream().map(CompletableFuture::join).toList();
    }

    /** When each run's request was sent, by run. */
    static Map<String, Double> sentByRun(List<Started> started) {
        Map<String, Double> sent = new HashMap<>();
        started.forEach(one -> sent.put(one.run(), one.sentMillis()));
        return sent;
    }

    private CompletableFuture<Started> send() {
        Instant now = Instant.now();
        double millis = now.getEpochSecond() * 1e3 + now.getNano() / 1e6;
        return api.start(project).thenApply(run -> new Started(millis, run));
    }
}
