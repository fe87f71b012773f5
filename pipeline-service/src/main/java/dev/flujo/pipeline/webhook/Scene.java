package dev.flujo.pipeline.webhook;

import java.time.Instant;
import java.util.function.UnaryOperator;

/** Where and when a delivery is heard, and who knows the whole of a commit of which it only says the beginning. */
record Scene(String project, Instant now, UnaryOperator<String> whole) {}
