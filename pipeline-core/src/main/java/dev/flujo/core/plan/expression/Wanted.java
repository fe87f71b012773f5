package dev.flujo.core.plan.expression;

/** What an expression must give where it stands. */
public enum Wanted {
    /** True or false. */
    CONDITION("true or false"),
    /** A list. */
    LIST("a list"),
    /** Anything: it becomes a text. */
    TEXT("text");

    private final String described;

    Wanted(String described) {
        this.described = described;
    }

    String described() {
        return described;
    }
}
