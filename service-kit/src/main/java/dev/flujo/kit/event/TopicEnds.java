package dev.flujo.kit.event;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;

/**
 * Where the partitions of a topic ended when that was asked. A record that lies behind an end has come after the question, so
 * the clock that nobody sets tells how old it is at most, whatever the clocks of two machines say.
 */
final class TopicEnds {

    private static final int MOST = 32;

    private final Map<Integer, Deque<End>> ends = new HashMap<>();

    private record End(long offset, long askedNanos) {}

    synchronized void note(int partition, long offset, long askedNanos) {
        Deque<End> known = ends.computeIfAbsent(partition, unused -> new ArrayDeque<>());
        known.addLast(new End(offset, askedNanos));
        if (known.size() > MOST) {
            End first = known.removeFirst();
            known.removeFirst();
            known.addFirst(first);
        }
    }

    /** How old the record at this place can be at most; empty if it was there before anybody asked. */
    synchronized Optional<Duration> oldest(int partition, long offset, long nowNanos) {
        Iterator<End> latest = ends.getOrDefault(partition, new ArrayDeque<>()).descendingIterator();
        while (latest.hasNext()) {
            End end = latest.next();
            if (end.offset() <= offset) {
                return Optional.of(Duration.ofNanos(nowNanos - end.askedNanos()));
            }
        }
        return Optional.empty();
    }
}
