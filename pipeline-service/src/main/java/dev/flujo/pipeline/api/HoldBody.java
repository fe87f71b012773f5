package dev.flujo.pipeline.api;

import java.util.Optional;

/** What somebody says of a run that is held: whether its commit, which must be named, may run; and why not. */
public record HoldBody(boolean approve, String commit, Optional<String> reason) {

    public HoldBody {
        reason = reason == null ? Optional.empty() : reason;
    }
}
