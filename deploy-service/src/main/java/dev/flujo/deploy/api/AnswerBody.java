package dev.flujo.deploy.api;

import java.util.Optional;
import java.util.UUID;

/** What somebody says to a stage of a rollout: which one, whether it goes on, and why. */
public record AnswerBody(UUID deployment, Integer stage, Boolean promote, Optional<String> reason) {

    public AnswerBody {
        reason = reason == null ? Optional.empty() : reason;
    }
}
