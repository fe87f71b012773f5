package dev.flujo.pipeline.orchestrator;

import dev.flujo.core.pool.Pool;
import dev.flujo.event.Claim;
import dev.flujo.event.DerivedId;
import dev.flujo.event.Envelope;
import dev.flujo.event.QueueEvent;
import dev.flujo.event.QueueEvent.PoolReport;
import dev.flujo.event.QueueEvent.QueueReported;
import dev.flujo.event.Topic;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What was told last of the queues of pools, so that nothing is told twice. */
final class QueueReports {

    private final Map<String, QueueReported> last = new HashMap<>();

    /** What is to be told of a pool: nothing if it is as it was. */
    Optional<Output> of(String name, Pool pool, Instant now) {
        QueueReported report = report(name, pool);
        if (report.equals(last.get(name))) {
            return Optional.empty();
        }
        last.put(name, report);
        return Optional.of(output(report, now));
    }

    static Output output(QueueReported report, Instant now) {
        UUID chain = DerivedId.of("queue", report.queue());
        String id = DerivedId.of("queue", report.queue(), now.toString()).toString();
        return new Output(Topic.QUEUES, Envelope.of(id, Judgement.SOURCE, now, chain, report));
    }

    private static QueueReported report(String name, Pool pool) {
        List<Claim> waiting =
                pool.next(QueueReported.MOST_NAMED).stream().map(Claim::of).toList();
        List<List<String>> labels = pool.runners().stream()
                .map(runner -> runner.labels().stream().sorted().toList())
                .distinct()
                .toList();
        PoolReport runners = new PoolReport(
                pool.runners().size(),
                pool.capacity(),
                labels,
                pool.limits(),
                pool.atLimit(),
                waiting.isEmpty() ? Optional.empty() : pool.held());
        return new QueueReported(QueueEvent.ofPool(name), List.of(), waiting, pool.waiting(), Optional.of(runners));
    }
}
