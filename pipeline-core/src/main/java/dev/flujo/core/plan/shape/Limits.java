package dev.flujo.core.plan.shape;

import java.time.Duration;

/** How much a pipeline file may hold: far above what people write, far below what could harm. */
public final class Limits {

    public static final int JOBS = 1000;

    /** Characters in scripts and variables of a plan, templates included: a plan travels as one record. */
    public static final int PLAN_TEXT = 256 * 1024;

    public static final int CHAIN = 500;
    public static final int NEEDS = 100;
    public static final int STEPS = 200;
    public static final int VARIABLES = 200;
    public static final int PATTERNS = 100;
    public static final int CELLS = 256;
    public static final int AXES = 10;
    public static final int INPUTS = 50;
    public static final int OUTPUTS = 50;
    public static final int SECRETS = 50;
    public static final int LABELS = 20;
    public static final int SERVICES = 10;
    public static final int CACHES = 4;
    public static final int SCHEDULES = 20;
    public static final int RETRIES = 10;
    public static final int APPROVERS = 20;
    public static final int ROLLOUT_STEPS = 20;
    public static final int IMAGES = 20;
    public static final int REPLICAS = 1000;
    public static final int CONCURRENT = 1000;
    public static final int PRIORITY = 100;

    /** How deep templates may use templates, and how many different ones a file may use in all. */
    public static final int TEMPLATE_DEPTH = 5;

    public static final int TEMPLATES = 50;

    /** How many different expressions a file may have; each costs a fraction of a millisecond to check. */
    public static final int EXPRESSIONS = 200;

    public static final int EXPRESSION = 1000;

    public static final int NAME = 100;
    public static final int DESCRIPTION = 500;
    public static final int SCRIPT = 64 * 1024;
    public static final int VALUE = 32 * 1024;
    public static final int PATTERN = 255;
    public static final int INPUT = 4 * 1024;

    public static final Duration SHORTEST = Duration.ofSeconds(1);
    public static final Duration LONGEST_JOB = Duration.ofHours(24);
    public static final Duration LONGEST_RUN = Duration.ofDays(7);
    public static final Duration LONGEST_WAIT = Duration.ofDays(30);
    public static final Duration LONGEST_HEALTH = Duration.ofHours(1);
    public static final Duration LONGEST_KEPT = Duration.ofDays(365);
    public static final Duration DEFAULT_JOB = Duration.ofHours(1);
    public static final Duration DEFAULT_HEALTH = Duration.ofSeconds(30);
    public static final Duration DEFAULT_READY = Duration.ofMinutes(2);
    public static final Duration DEFAULT_BACKOFF = Duration.ofSeconds(10);
    public static final Duration DEFAULT_EXPIRY = Duration.ofDays(7);
    public static final Duration DEFAULT_PAUSE = Duration.ofMinutes(5);
    public static final String DEFAULT_HEALTH_PATH = "/health";
    public static final String DEFAULT_BRANCH = "main";

    private Limits() {}
}
