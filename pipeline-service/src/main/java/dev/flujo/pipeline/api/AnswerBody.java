package dev.flujo.pipeline.api;

import java.util.Optional;

/** What somebody adds to a consent or refusal; with {@code older}, consent also to what is older than what is there now. */
public record AnswerBody(Optional<String> comment, Optional<Boolean> older) {}
