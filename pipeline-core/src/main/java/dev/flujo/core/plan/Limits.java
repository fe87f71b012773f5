package dev.flujo.core.plan;

import java.time.Duration;

/** How much a pipeline file may hold: far above what people write, far below what could harm. */
final class Limits {

    static final int SOURCE_BYTES = 256 * 1024;
    static final int DEPTH = 50;
    static final int PROBLEMS = 100;
    static final int SEARCHES = 25;
    static final int KEY = 128;

    static final int JOBS = 1000;
    static final int CHAIN = 100;
    static final int NEEDS = 100;
    static final int STEPS = 200;
    static final int VARIABLES = 200;
    static final int PATTERNS = 100;

    static final int STEP_NAME = 100;
    static final int SCRIPT = 64 * 1024;
    static final int VALUE = 32 * 1024;
    static final int PATTERN = 255;

    static final Duration SHORTEST = Duration.ofSeconds(1);
    static final Duration LONGEST_JOB = Duration.ofHours(24);
    static final Duration LONGEST_HEALTH = Duration.ofHours(1);
    static final Duration DEFAULT_JOB = Duration.ofHours(1);
    static final Duration DEFAULT_HEALTH = Duration.ofSeconds(30);
    static final String DEFAULT_HEALTH_PATH = "/health";

    private Limits() {}
}
