package dev.flujo.core.plan;

import java.util.Optional;
import java.util.regex.Pattern;

/** What names of pipelines, jobs, environments and steps may look like. */
final class Names {

    private static final Pattern PIPELINE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
    private static final Pattern ID = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,62}");

    private Names() {}

    static boolean isPipeline(String name) {
        return PIPELINE.matcher(name).matches();
    }

    /** Of a job or an environment. */
    static boolean isId(String name) {
        return ID.matcher(name).matches();
    }

    /** The nearest that {@link #isId} accepts, if there is one. */
    static Optional<String> idLike(String name) {
        return Optional.of(dashed(name, "[^A-Za-z0-9_-]+").replaceFirst("^[^A-Za-z]+", ""))
                .filter(Names::isId);
    }

    /** The nearest that {@link #isPipeline} accepts, if there is one. */
    static Optional<String> pipelineLike(String name) {
        return Optional.of(dashed(name, "[^A-Za-z0-9._-]+").replaceFirst("^[^A-Za-z0-9]+", ""))
                .filter(Names::isPipeline);
    }

    private static String dashed(String name, String others) {
        return name.strip().replaceAll(others, "-").replaceFirst("-$", "");
    }
}
