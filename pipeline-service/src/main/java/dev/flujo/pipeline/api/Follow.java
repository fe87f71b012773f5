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
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;

/**
 * Streams that follow a numbered list as it grows: what is there first, then what comes. They read the history itself, so
 * nothing is missed or told twice, whoever wrote it; news only make them look sooner. No thread waits.
 */
@ApplicationScoped
public class Follow {

    private static final Duration LOOK_AFTER = Duration.ofMillis(500);

    private final News news;
    private volatile boolean stopping;

    Follow(News news) {
        this.news = news;
    }

    /** Streams end before the service does: it would wait for them, and who follows goes on at another replica. */
    void atStop(@Observes ShutdownDelayInitiatedEvent stop) {
        stopping = true;
    }

    /** A part of the list, and whether nothing can follow it. */
    record Part<T>(List<T> items, boolean last) {}

    /**
     * @param subject what the news are about
     * @param after the number after which to begin
     * @param read the next part after a number; may block
     * @param number the number of an item
     */
    <T> Multi<T> from(Object subject, long after, LongFunction<Part<T>> read, ToLongFunction<T> number) {
        Place place = new Place(after);
        return Multi.createBy()
                .repeating()
                .uni(() -> place, current -> next(subject, current, read, number))
                .until(part -> place.ended && part.items().isEmpty())
                .onItem()
                .transformToMultiAndConcatenate(part -> Multi.createFrom().iterable(part.items()));
    }

    private <T> Uni<Part<T>> next(Object subject, Place place, LongFunction<Part<T>> read, ToLongFunction<T> number) {
        place.ended |= stopping;
        if (place.ended) {
            return Uni.createFrom().item(new Part<>(List.of(), true));
        }
        return look(place, read, number).chain(part -> {
            if (!part.items().isEmpty() || part.last()) {
                return Uni.createFrom().item(part);
            }
            return signal(subject).chain(() -> look(place, read, number));
        });
    }

    private static <T> Uni<Part<T>> look(Place place, LongFunction<Part<T>> read, ToLongFunction<T> number) {
        return Uni.createFrom()
                .item(() -> {
                    Part<T> part = read.apply(place.after);
                    if (!part.items().isEmpty()) {
                        place.after =
                                number.applyAsLong(part.items().get(part.items().size() - 1));
                    }
                    place.ended = part.last();
                    return part;
                })
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
    }

    private Uni<Void> signal(Object subject) {
        return Uni.createFrom()
                .<Void>emitter(emitter -> {
                    News.Subscription subscription = news.follow(subject, () -> emitter.complete(null));
                    emitter.onTermination(subscription::close);
                })
                .ifNoItem()
                .after(LOOK_AFTER)
                .recoverWithItem((Void) null);
    }

    private static final class Place {

        private volatile long after;
        private volatile boolean ended;

        Place(long after) {
            this.after = after;
        }
    }
}
