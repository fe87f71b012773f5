package dev.flujo.kit.problem;

/** A kind of problem that a service can answer with, as RFC 9457 wants it; each service has one enum of its own. */
public interface ProblemKind {

    /** Who has to act: the caller, nobody (the state forbids it now), the operator's capacity, or the platform. */
    enum Blame {
        CALLER,
        STATE,
        CAPACITY,
        PLATFORM
    }

    /** The stable last part of the problem's type URI, such as {@code run-already-finished}. */
    String slug();

    /** The HTTP status. */
    int status();

    /** The same short sentence for every problem of this kind. */
    String title();

    Blame blame();
}
