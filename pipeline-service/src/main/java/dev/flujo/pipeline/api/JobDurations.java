package dev.flujo.pipeline.api;

import dev.flujo.pipeline.store.RunState;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How long the jobs of a pipeline take, by the last runs of it that succeeded. */
@ApplicationScoped
public class JobDurations {

    private static final int RUNS = 5;
    private static final int REMEMBERED = 1000;
    private static final Duration FRESH = Duration.ofSeconds(30);

    private final RunList runs;
    private final Jobs jobs;
    private final Clock clock;
    private final Map<String, Known> known = new LinkedHashMap<>();

    private record Known(Instant at, Map<String, Duration> durations) {}

    JobDurations(RunList runs, Jobs jobs, Clock clock) {
        this.runs = runs;
        this.jobs = jobs;
        this.clock = clock;
    }

    /** The median of each job that the last runs had; a job that none of them had is left out. */
    Map<String, Duration> of(String project, String pipeline) {
        String key = project + "/" + pipeline;
        Instant now = clock.instant();
        synchronized (known) {
            Known before = known.get(key);
            if (before != null && before.at().plus(FRESH).isAfter(now)) {
                return before.durations();
            }
        }
        Map<String, Duration> durations = read(project, pipeline);
        synchronized (known) {
            known.remove(key);
            known.put(key, new Known(now, durations));
            if (known.size() > REMEMBERED) {
                known.remove(known.keySet().iterator().next());
            }
        }
        return durations;
    }

    private Map<String, Duration> read(String project, String pipeline) {
        RunList.Filter succeeded = new RunList.Filter(
                Optional.of(project),
                Optional.of(pipeline),
                Optional.empty(),
                Optional.empty(),
                Optional.of(RunState.SUCCEEDED.name()));
        Map<String, List<Duration>> taken = new HashMap<>();
        for (RunView run : runs.page(succeeded, RUNS, null).items()) {
            for (JobView job : jobs.of(run.id())) {
                took(job).ifPresent(duration -> taken.computeIfAbsent(job.job(), id -> new ArrayList<>())
                        .add(duration));
            }
        }
        Map<String, Duration> medians = new HashMap<>();
        taken.forEach((job, durations) ->
                medians.put(job, durations.stream().sorted().toList().get(durations.size() / 2)));
        return medians;
    }

    /** From the start of its last attempt to the end of that. */
    private static Optional<Duration> took(JobView job) {
        if (job.attempts().isEmpty()) {
            return Optional.empty();
        }
        JobView.AttemptView last = job.attempts().get(job.attempts().size() - 1);
        return last.startedAt().flatMap(start -> last.finishedAt().map(end -> Duration.between(start, end)));
    }
}
