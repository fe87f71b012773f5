package dev.flujo.deploy.api;

import dev.flujo.kit.problem.ProblemKind;

/** The kinds of problem that only environments have. */
enum DeployProblem implements ProblemKind {
    NO_ROLLOUT("no-rollout", "No such rollout is in that stage"),
    ANSWERED("rollout-answered", "Somebody has said something else before"),
    NOT_NEWEST("not-newest-version", "Another version is the newest"),
    DEPLOYING("deployment-on-its-way", "A deployment is on its way"),
    NOTHING_BEFORE("nothing-to-roll-back-to", "There is nothing to roll back to");

    private final String slug;
    private final String title;

    DeployProblem(String slug, String title) {
        this.slug = slug;
        this.title = title;
    }

    @Override
    public String slug() {
        return slug;
    }

    @Override
    public int status() {
        return 409;
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public Blame blame() {
        return Blame.STATE;
    }
}
