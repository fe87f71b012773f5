package dev.flujo.pipeline.api;

import dev.flujo.pipeline.messaging.News;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToLongFunction;

/**
 * Streams that follow a numbered list as it grows: what is there first, then what comes. They read the history itself, so
 * nothing is missed or told twice, whoever wrote it; news only make them look sooner, and where another replica writes it they look
 * so often that nobody notices. No thread waits.
 */
@ApplicationScoped
public class Follow {

    private static final Duration LOOK_AFTER = Duration.ofMillis(500);

    /** While nobody here has told of what came last. */
    private static final Duration LOOK_SOON = Duration.ofMillis(75);

    private final News news;
    private volatile boolean stopping;

    Follow(News news) {
        this.news = news;
    }

    /** Streams end before the service does: it would wait for them, and who follows goes on at another replica. */
    void atStop(@Observes ShutdownDelayInitiatedEvent stop) {
        stopping = true;
    }

    /** A list that grows. Each question may block. */
    interface Growing<T> {

        /** Whether something has come after a number, as far as that is seen at a glance; asked for often. */
        boolean grown(long number);

        /** The next part after a number. */
        List<T> after(long number);

        /** Whether nothing can follow a number that nothing follows now. */
        boolean ended(long number);
    }

    /**
     * @param subject what the news are about
     * @param after the number after which to begin
     * @param number the number of an item
     */
    <T> Multi<T> from(Object subject, long after, Growing<T> list, ToLongFunction<T> number) {
        return Multi.createFrom().deferred(() -> {
            Place place = new Place(after);
            News.Subscription subscription = news.follow(subject, place::tell);
            return Multi.createBy()
                    .repeating()
                    .uni(() -> place, current -> next(current, list, number))
                    .until(part -> place.ended && part.isEmpty())
                    .onItem()
                    .transformToMultiAndConcatenate(part -> Multi.createFrom().iterable(part))
                    .onTermination()
                    .invoke(subscription::close);
        });
    }

    private <T> Uni<List<T>> next(Place place, Growing<T> list, ToLongFunction<T> number) {
        place.ended |= stopping;
        if (place.ended) {
            return Uni.createFrom().item(List.of());
        }
        return place.change().chain(() -> Uni.createFrom()
                .item(() -> place.look(list, number))
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool()));
    }

    /** How far a stream is. Looked from by one thread at a time, told by any. */
    private static final class Place {

        private final AtomicReference<Runnable> waiting = new AtomicReference<>();
        private volatile boolean told;
        private volatile boolean ended;
        private long after;
        private boolean more = true;
        private boolean announced;
        private long lookedWell = System.nanoTime();

        Place(long after) {
            this.after = after;
        }

        void tell() {
            told = true;
            Runnable wake = waiting.getAndSet(null);
            if (wake != null) {
                wake.run();
            }
        }

        /** Done when it is time to look. */
        Uni<Void> change() {
            if (more) {
                return Uni.createFrom().voidItem();
            }
            return Uni.createFrom()
                    .<Void>emitter(emitter -> {
                        waiting.set(() -> emitter.complete(null));
                        if (told) {
                            emitter.complete(null);
                        }
                    })
                    .ifNoItem()
                    .after(announced ? LOOK_AFTER : LOOK_SOON)
                    .recoverWithItem((Void) null);
        }

        <T> List<T> look(Growing<T> list, ToLongFunction<T> number) {
            boolean byNews = told;
            told = false;
            long now = System.nanoTime();
            boolean well = byNews || more || now - lookedWell >= LOOK_AFTER.toNanos();
            if (!well && !list.grown(after)) {
                return List.of();
            }
            List<T> part = list.after(after);
            if (part.isEmpty()) {
                more = false;
                lookedWell = now;
                ended = list.ended(after);
            } else {
                announced = more ? announced : byNews;
                more = true;
                after = number.applyAsLong(part.get(part.size() - 1));
            }
            return part;
        }
    }
}
