package dev.flujo.event;

/** What reading a record gave: never an exception. */
public sealed interface Decoded {

    /** An event of this vocabulary. */
    record Known(Envelope envelope) implements Decoded {}

    /** A well-formed event of a type that this vocabulary does not have: count it and go on. */
    record Unknown(String type) implements Decoded {}

    /** Not readable, for this reason: a dead letter. */
    record Malformed(String reason) implements Decoded {}
}
