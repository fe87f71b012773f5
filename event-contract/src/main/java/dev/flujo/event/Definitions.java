package dev.flujo.event;

/**
 * Where a repository defines its pipelines, and the run that reads them there: of a pipeline whose name no user's pipeline
 * can have, with one job that has no steps.
 */
public final class Definitions {

    /** The pipeline whose runs are readings. */
    public static final String PIPELINE = ".flujo";

    /** The one job of a reading. */
    public static final String JOB = "read";

    /** The file that defines the pipeline {@link #MAIN}. */
    public static final String FILE = ".flujo.yml";

    /** The directory whose files each define the pipeline that they are named after. */
    public static final String DIRECTORY = ".flujo";

    /** The directory whose files are templates that the others may use, as {@code ./.flujo/templates/NAME.yml}. */
    public static final String TEMPLATES = ".flujo/templates";

    /** How the names of those files end. */
    public static final String ENDING = ".yml";

    /** The pipeline that {@link #FILE} defines. */
    public static final String MAIN = "main";

    /** How many files of a repository are read. */
    public static final int MOST_FILES = 50;

    /** How large each of them may be, in bytes. */
    public static final int MOST_BYTES = 256 * 1024;

    /** How large they may be together, in bytes as they travel, so that they fit on the log. */
    public static final int MOST_BYTES_TOGETHER = 640 * 1024;

    private Definitions() {}

    /** The pipeline that a file defines. */
    public static String pipeline(String path) {
        return path.equals(FILE) ? MAIN : path.substring(path.lastIndexOf('/') + 1, path.length() - ENDING.length());
    }
}
