package dev.flujo.pipeline.api;

import java.util.Optional;

/** What somebody says of a run that is held: whether its commit, which must be named, may run; and why not. */
public record HoldBody(Optional<Boolean> approve, String commit, Optional<String> reason) {

    public HoldBody {
        approve = approve == null ? Optional.empty() : approve;
        reason = reason == null ? Optional.empty() : reason;
    }
}
