package dev.flujo.pipeline.messaging;

import dev.flujo.pipeline.messaging.ProjectHistory.Past;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** The newest of the events that are added, up to a number. */
final class PastEvents {

    /** So many are foreseen at once. */
    static final int MOST = 500;

    private final PriorityQueue<Past> newest = new PriorityQueue<>(Comparator.comparing(Past::at));
    private boolean complete = true;

    void add(Past event) {
        newest.add(event);
        if (newest.size() > MOST) {
            newest.remove();
            complete = false;
        }
    }

    /** There are others that nobody has looked at. */
    void left() {
        complete = false;
    }

    /** Whether all are here that there are. */
    boolean complete() {
        return complete;
    }

    /** Oldest first. */
    List<Past> inOrder() {
        return newest.stream().sorted(Comparator.comparing(Past::at)).toList();
    }
}
