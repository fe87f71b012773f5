package dev.flujo.kit.problem;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** An answer that is no success: its kind, what happened this time, and what a machine wants to know besides. */
public final class Problem extends RuntimeException {

    private final transient ProblemKind kind;
    private final transient Map<String, Object> extensions = new LinkedHashMap<>();

    /** The detail follows the grammar "Expected ..., but ...", and says what to do. */
    public Problem(ProblemKind kind, String detail) {
        super(detail);
        this.kind = kind;
    }

    public Problem(ProblemKind kind, String detail, Throwable cause) {
        super(detail, cause);
        this.kind = kind;
    }

    /** Adds an extension member to the answer. */
    public Problem with(String name, Object value) {
        extensions.put(name, value);
        return this;
    }

    public ProblemKind kind() {
        return kind;
    }

    public Map<String, Object> extensions() {
        return Collections.unmodifiableMap(extensions);
    }
}
