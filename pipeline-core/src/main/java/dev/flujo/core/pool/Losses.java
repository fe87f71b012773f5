package dev.flujo.core.pool;

import dev.flujo.event.Event;
import dev.flujo.event.JobEvent.JobLost;
import dev.flujo.event.RunnerEvent.RunnerLeft;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a pool loses with runners that are gone, or that never took up what they were given. */
final class Losses {

    private final String pool;
    private final Occupants occupants;
    private final List<Event> events = new ArrayList<>();
    private final List<Slot> slots = new ArrayList<>();
    private final Set<String> gone = new HashSet<>();

    Losses(String pool, Occupants occupants) {
        this.pool = pool;
        this.occupants = occupants;
    }

    void runner(String runner, String reason) {
        occupants.with(runner).forEach(slot -> slot(slot, reason));
        gone.add(runner);
        events.add(new RunnerLeft(pool, runner));
    }

    void slot(Slot slot, String reason) {
        slots.add(slot);
        events.add(new JobLost(slot.project(), slot.attempt(), slot.runner().orElseThrow(), reason));
    }

    List<Event> events() {
        return events;
    }

    /** The attempts that are lost. */
    List<Slot> slots() {
        return slots;
    }

    boolean stays(Runner runner) {
        return !gone.contains(runner.id());
    }
}
