package dev.flujo.pipeline.api;

import dev.flujo.core.run.JobState;
import dev.flujo.core.run.Run;
import dev.flujo.event.plan.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** When the jobs of a run are likely to start and end, if each takes as long as it did of late. */
final class ExpectedStarts {

    private final Run run;
    private final Marks marks;
    private final Map<String, Duration> durations;
    private final Instant now;
    private final Map<String, Optional<Instant>> ends = new HashMap<>();

    /** When jobs that wait for something else than others of the run are likely to start, as far as that is known. */
    private final Map<String, Instant> starts = new HashMap<>();

    ExpectedStarts(Run run, Marks marks, Map<String, Duration> durations, Instant now) {
        this.run = run;
        this.marks = marks;
        this.durations = durations;
        this.now = now;
    }

    void starts(String job, Instant at) {
        starts.put(job, at);
    }

    /** When something is likely to be over for which so many wait that each take as long as this job. */
    Optional<Instant> after(int places, String job) {
        return Optional.ofNullable(durations.get(job)).map(duration -> now.plus(duration.multipliedBy(places)));
    }

    /** When all that a job waits for is likely to have ended; none where that hangs on a person, or on what is not known. */
    Optional<Instant> start(Job job) {
        Instant latest = now;
        for (String need : run.open(job)) {
            Optional<Instant> end = end(need);
            if (end.isEmpty()) {
                return Optional.empty();
            }
            latest = end.get().isAfter(latest) ? end.get() : latest;
        }
        return Optional.of(latest);
    }

    private Optional<Instant> end(String id) {
        Optional<Instant> known = ends.get(id);
        if (known == null) {
            known = Optional.ofNullable(durations.get(id)).flatMap(duration -> end(id, duration));
            ends.put(id, known);
        }
        return known;
    }

    private Optional<Instant> end(String id, Duration duration) {
        JobState state = run.job(id);
        Optional<Instant> begin =
                switch (state.phase()) {
                    case RUNNING, STOPPING -> marks.started(id);
                    case ASSIGNED -> Optional.of(now);
                    case QUEUED, LOCKING -> Optional.of(starts.getOrDefault(id, now));
                    case WAITING -> run.plan().job(id).flatMap(this::start);
                    case APPROVING, PAUSED, ENDED -> Optional.empty();
                };
        return begin.map(instant -> instant.plus(duration)).map(end -> end.isBefore(now) ? now : end);
    }
}
