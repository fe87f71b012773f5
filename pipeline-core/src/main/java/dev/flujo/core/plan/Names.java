package dev.flujo.core.plan;

import java.util.Optional;
import java.util.regex.Pattern;

/** What names of pipelines, jobs, environments and steps may look like. */
final class Names {

    /** What an id is made of, as a message says it. */
    static final String ID = "letters, digits, `_` and `-` that starts with a letter (at most 63)";

    /** What a pipeline's name is made of, as a message says it. */
    static final String PIPELINE = "letters, digits, `.`, `_` and `-` that starts with a letter or digit (at most 63)";

    private static final Pattern PIPELINE_PATTERN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
    private static final Pattern ID_PATTERN = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,62}");

    private Names() {}

    static boolean isPipeline(String name) {
        return PIPELINE_PATTERN.matcher(name).matches();
    }

    /** Of a job or an environment. */
    static boolean isId(String name) {
        return ID_PATTERN.matcher(name).matches();
    }

    /** The nearest that {@link #isId} accepts, if there is one. */
    static Optional<String> idLike(String name) {
        return Optional.of(dashed(name, "[^A-Za-z0-9_-]+")).filter(Names::isId);
    }

    /** The nearest that {@link #isPipeline} accepts, if there is one. */
    static Optional<String> pipelineLike(String name) {
        return Optional.of(dashed(name, "[^A-Za-z0-9._-]+")).filter(Names::isPipeline);
    }

    private static String dashed(String name, String others) {
        return name.strip().replaceAll(others, "-").replaceFirst("-$", "");
    }
}
