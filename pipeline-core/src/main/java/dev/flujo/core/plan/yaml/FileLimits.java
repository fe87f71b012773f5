package dev.flujo.core.plan.yaml;

/** How much a file may hold before anything in it is understood. */
public final class FileLimits {

    public static final int SOURCE_BYTES = 256 * 1024;
    public static final int DEPTH = 50;
    public static final int PROBLEMS = 100;
    public static final int KEY = 128;

    /** How often a file's words are compared with all others to find what was meant. */
    public static final int SEARCHES = 25;

    private FileLimits() {}
}
