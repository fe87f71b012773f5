package dev.flujo.metrics.api;

import dev.flujo.kit.problem.ProblemKind;

/** The kinds of problem that only this service has. */
enum MetricsProblem implements ProblemKind {
    REBUILD_RUNNING("rebuild-running", 409, "A rebuild is running", Blame.STATE);

    private final String slug;
    private final int status;
    private final String title;
    private final Blame blame;

    MetricsProblem(String slug, int status, String title, Blame blame) {
        this.slug = slug;
        this.status = status;
        this.title = title;
        this.blame = blame;
    }

    @Override
    public String slug() {
        return slug;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public Blame blame() {
        return blame;
    }
}
