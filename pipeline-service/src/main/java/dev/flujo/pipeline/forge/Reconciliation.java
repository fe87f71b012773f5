package dev.flujo.pipeline.forge;

import dev.flujo.event.Envelope;
import dev.flujo.event.SignalEvent.RepositorySeen;
import dev.flujo.event.Topic;
import dev.flujo.kit.event.EventPublisher;
import dev.flujo.kit.problem.Problem;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Asks forges what there is, when a replica begins to speak for a project and from time to time, and puts what they say on the
 * log. Whether anything was missed is for the orchestrator to say, in the order in which everything else of the project comes.
 */
@ApplicationScoped
public class Reconciliation {

    private static final URI SOURCE = URI.create("/flujo/reconciliation");
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Logger LOG = Logger.getLogger(Reconciliation.class);

    private final Forges forges;
    private final StatusThread statuses;
    private final RepositoryLook look;
    private final EventPublisher publisher;
    private final MeterRegistry meters;
    private final Clock clock;
    private final Duration every;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "reconciliation");
        made.setDaemon(true);
        return made;
    });
    private final Map<Repository, Plan> plans = new HashMap<>();

    /** Until when forges are left alone that did not answer. */
    private final Map<String, Instant> quietUntil = new HashMap<>();

    /** When a repository is looked at next, and what was there before. */
    private static final class Plan {

        private final RecentChanges changes;
        private Instant next = Instant.MIN;
        private int failures;

        private Plan(RecentChanges changes) {
            this.changes = changes;
        }
    }

    Reconciliation(
            Forges forges,
            StatusThread statuses,
            RepositoryLook look,
            EventPublisher publisher,
            MeterRegistry meters,
            Clock clock,
            @ConfigProperty(name = "flujo.reconciliation.every", defaultValue = "5m") Duration every) {
        this.forges = forges;
        this.statuses = statuses;
        this.look = look;
        this.publisher = publisher;
        this.meters = meters;
        this.clock = clock;
        this.every = every;
    }

    void start(@Observes StartupEvent event) {
        if (!forges.repositories().isEmpty()) {
            thread.scheduleWithFixedDelay(this::askAll, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    void stop(@Observes ShutdownEvent event) {
        thread.shutdownNow();
    }

    private void askAll() {
        for (Repository repository : forges.repositories()) {
            if (!statuses.speaksFor(repository.project())) {
                plans.remove(repository);
                continue;
            }
            Plan plan = plans.computeIfAbsent(repository, its -> new Plan(new RecentChanges(every)));
            Instant quiet = quietUntil.getOrDefault(repository.forge(), Instant.MIN);
            if (!plan.next.isAfter(clock.instant()) && !quiet.isAfter(clock.instant())) {
                plan.next = clock.instant().plus(ask(repository, plan));
            }
        }
    }

    /** Asks for one repository; gives how long to wait before it is asked for again. */
    private Duration ask(Repository repository, Plan plan) {
        try {
            look.at(repository, plan.changes).ifPresent(this::publish);
            plan.changes.published();
            plan.failures = 0;
            count(repository, "answered");
            return every;
        } catch (ForgeAway e) {
            LOG.warnf("could not ask for %s and will ask again: %s", repository.path(), e.getMessage());
            count(repository, "away");
            plan.failures++;
            Duration pause = e.patience().orElseGet(() -> shorter(Pauses.after(plan.failures)));
            quietUntil.put(repository.forge(), clock.instant().plus(pause));
            return pause;
        } catch (ForgeRefused e) {
            LOG.errorf("could not ask for %s: %s", repository.path(), e.getMessage());
            count(repository, "refused");
            return every;
        } catch (Problem e) {
            LOG.debugf(e, "the log or the history is away");
            plan.failures++;
            return shorter(Pauses.after(plan.failures));
        } catch (RuntimeException e) {
            LOG.errorf(e, "could not ask for %s and will ask again", repository.path());
            return every;
        }
    }

    private Duration shorter(Duration pause) {
        return pause.compareTo(every) < 0 ? pause : every;
    }

    private void publish(RepositorySeen seen) {
        UUID id = UUID.randomUUID();
        publisher.publishAndAwait(Topic.COMMITS, Envelope.of(id.toString(), SOURCE, seen.askedAt(), id, seen));
    }

    private void count(Repository repository, String outcome) {
        meters.counter("flujo.forge.asked", "forge", repository.forge(), "outcome", outcome)
                .increment();
    }
}
