package dev.flujo.pipeline.orchestrator;

import dev.flujo.core.plan.Cron;
import dev.flujo.event.plan.Plan;
import dev.flujo.event.plan.Triggers.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The times at which pipelines of this task are due, and what becomes of those at which nobody was there. */
final class Schedules {

    /** A time that is longer ago than this has been missed. */
    private static final Duration LATE = Duration.ofMinutes(1);

    /** So many runs at most make up for times that were missed. */
    private static final int MOST_MISSED = 100;

    private final ProjectStores stores;
    private final Map<String, Instant> next = new HashMap<>();

    /** A time of a schedule that has come. */
    record Due(Definition definition, Schedule schedule, Instant time) {

        /** The same for the same time of the same schedule, and for no other. */
        String id() {
            return String.join(
                    "/",
                    definition.defined().subject(),
                    schedule.cron(),
                    schedule.timezone(),
                    schedule.branch(),
                    time.toString());
        }
    }

    Schedules(ProjectStores stores) {
        this.stores = stores;
    }

    /** A pipeline has this definition from now on; times before now are nothing to it. */
    void defined(Definition definition, Instant now) {
        String key = definition.defined().subject();
        next.remove(key);
        if (schedules(definition).isEmpty()) {
            stores.removeTick(key);
        } else {
            stores.putTick(key, now);
            plan(definition, now);
        }
    }

    /** The project has other pipelines than before: these are no longer its own, those are. */
    void changed(List<Definition> before, List<Definition> after, Instant now) {
        Map<String, String> old = versions(before);
        Map<String, String> current = versions(after);
        for (String pipeline : old.keySet()) {
            if (!current.containsKey(pipeline)) {
                next.remove(pipeline);
                stores.removeTick(pipeline);
            }
        }
        for (Definition definition : after) {
            String pipeline = definition.defined().subject();
            if (!current.get(pipeline).equals(old.get(pipeline))) {
                defined(definition, now);
            }
        }
    }

    private static Map<String, String> versions(List<Definition> definitions) {
        Map<String, String> versions = new HashMap<>();
        definitions.forEach(definition -> versions.put(
                definition.defined().subject(), definition.defined().version()));
        return versions;
    }

    /** Looks at what was scheduled before this task had the project. */
    void restore() {
        stores.ticks().forEach((key, last) -> stores.definition(key).ifPresent(definition -> plan(definition, last)));
    }

    /** What is due now; each time is given once. */
    List<Due> due(Instant now) {
        List<Due> due = new ArrayList<>();
        for (Map.Entry<String, Instant> entry : Map.copyOf(next).entrySet()) {
            if (!entry.getValue().isAfter(now)) {
                Definition definition = stores.definition(entry.getKey()).orElseThrow();
                Instant last = stores.tick(entry.getKey()).orElse(now);
                schedules(definition).forEach(schedule -> due.addAll(due(definition, schedule, last, now)));
                stores.putTick(entry.getKey(), now);
                plan(definition, now);
            }
        }
        return due;
    }

    private static List<Due> due(Definition definition, Schedule schedule, Instant last, Instant now) {
        Cron cron = Cron.of(schedule.cron());
        ZoneId zone = ZoneId.of(schedule.timezone());
        List<Due> due = new ArrayList<>();
        for (Instant time = cron.next(last, zone); !time.isAfter(now); time = cron.next(time, zone)) {
            due.add(new Due(definition, schedule, time));
            if (due.size() > MOST_MISSED) {
                due.remove(0);
            }
        }
        return switch (schedule.missed()) {
            case EACH -> due;
            case ONCE -> due.isEmpty() ? due : due.subList(due.size() - 1, due.size());
            case SKIP ->
                due.stream()
                        .filter(one -> !one.time().isBefore(now.minus(LATE)))
                        .toList();
        };
    }

    private void plan(Definition definition, Instant after) {
        schedules(definition).stream()
                .map(schedule -> Cron.of(schedule.cron()).next(after, ZoneId.of(schedule.timezone())))
                .min(Instant::compareTo)
                .ifPresent(time -> next.put(definition.defined().subject(), time));
    }

    private static List<Schedule> schedules(Definition definition) {
        return definition.plan().map(Plan::on).map(on -> on.schedules()).orElse(List.of());
    }
}
