package dev.flujo.pipeline.api;

import java.util.Optional;

/** What somebody adds to a consent or refusal. */
public record AnswerBody(Optional<String> comment) {}
