package dev.flujo.event;

import java.util.Objects;
import java.util.UUID;

/**
 * One numbered execution of one job of one run. The number is the fencing token: only the newest attempt of a job may
 * change anything.
 */
public record Attempt(UUID run, String job, int number) implements Comparable<Attempt> {

    public Attempt {
        Objects.requireNonNull(run, "run");
        Objects.requireNonNull(job, "job");
        if (number < 1) {
            throw new IllegalArgumentException("Expected an attempt number from 1, but it is " + number);
        }
    }

    /** {@code run/job/number}: the key of the attempt's log and its id everywhere. */
    public String id() {
        return run + "/" + job + "/" + number;
    }

    /** The job's id without the attempt: {@code run/job}. */
    public String jobId() {
        return run + "/" + job;
    }

    @Override
    public int compareTo(Attempt other) {
        int byRun = run.compareTo(other.run);
        if (byRun != 0) {
            return byRun;
        }
        int byJob = job.compareTo(other.job);
        return byJob != 0 ? byJob : Integer.compare(number, other.number);
    }
}
