package dev.flujo.pipeline.orchestrator;

import dev.flujo.core.lock.Circle;
import dev.flujo.core.lock.Lock;
import dev.flujo.event.Claim;
import dev.flujo.event.LockEvent;
import dev.flujo.event.LockEvent.LockReleased;
import dev.flujo.event.LockEvent.LockRequested;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** What becomes of the locks that one record concerns; nothing of it is kept before all of it is known. */
final class LockChanges {

    private final LockStore store;
    private final Map<String, Lock> locks = new LinkedHashMap<>();
    private final Map<String, Set<Claim>> changed = new LinkedHashMap<>();
    private final Deque<Lock> left = new ArrayDeque<>();

    LockChanges(LockStore store) {
        this.store = store;
    }

    /** Takes in somebody's wish; gives what is to be told to those that it concerns. */
    List<LockEvent> request(LockRequested request) {
        return follow(request.project(), request.lock(), lock -> lock.decideRequested(request));
    }

    /** Takes back a claim; gives what is to be told to those that it concerns. */
    List<LockEvent> release(String project, String name, Claim claim, boolean succeeded) {
        return follow(project, name, lock -> lock.decideReleased(claim, succeeded));
    }

    /** An environment in which something has been left by this record, each time once. */
    Optional<Lock> nextLeft() {
        return Optional.ofNullable(left.poll());
    }

    /** The lock as this record has left it so far. */
    Lock lock(String project, String name) {
        return locks.getOrDefault(project + "/" + name, store.lock(project, name));
    }

    /** The circle that this claim closes where it waits for this lock, if it does. */
    Optional<Circle> circle(String project, String name, Claim claim) {
        Map<String, Lock> all = new LinkedHashMap<>(store.of(project));
        locks.values().stream()
                .filter(lock -> lock.project().equals(project))
                .forEach(lock -> all.put(lock.name(), lock));
        return Circle.closedBy(claim, lock(project, name), all.values());
    }

    void keep() {
        locks.forEach((key, lock) -> store.keep(lock, changed.get(key)));
    }

    private List<LockEvent> follow(String project, String name, Function<Lock, List<LockEvent>> verdict) {
        String key = project + "/" + name;
        Lock lock = lock(project, name);
        List<LockEvent> told = new ArrayList<>();
        for (LockEvent event : verdict.apply(lock)) {
            lock = lock.evolve(event);
            locks.put(key, lock);
            changed.computeIfAbsent(key, unused -> new LinkedHashSet<>()).add(event.claim());
            if (event instanceof LockReleased released && released.left().isPresent()) {
                left.add(lock);
            }
            if (!(event instanceof LockRequested || event instanceof LockReleased)) {
                told.add(event);
            }
        }
        return told;
    }
}
