package dev.flujo.core.plan;

import dev.flujo.event.RunEvent.RunExtended;
import dev.flujo.event.plan.Job;
import dev.flujo.event.plan.Plan;
import java.util.ArrayList;
import java.util.List;

/** The plan of a run as it is executed: with cells for matrices, and with what came out of its jobs meanwhile. */
public final class Extension {

    private Extension() {}

    /** The plan with the cells of every matrix whose values stand in the file in place of its job. */
    public static Plan atFirst(Plan plan) {
        return Cells.expanded(plan);
    }

    /** The plan after further jobs have come out of one of its jobs. */
    public static Plan after(Plan plan, RunExtended extended) {
        List<Job> jobs = new ArrayList<>();
        for (Job job : plan.jobs()) {
            if (!job.id().equals(extended.job())) {
                jobs.add(job);
            } else if (extended.matrix().isPresent()) {
                jobs.addAll(Cells.jobs(Cells.withMatrix(job, extended.matrix().get())));
            } else {
                jobs.add(job);
                jobs.addAll(Cells.expanded(plan.with(extended.jobs())).jobs());
            }
        }
        return plan.with(jobs);
    }
}
