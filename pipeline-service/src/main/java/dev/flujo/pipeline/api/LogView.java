package dev.flujo.pipeline.api;

import java.time.Instant;

/** One line of what an attempt printed: its number through all steps from 1, the step (-1 is the checkout), and when. */
public record LogView(long line, int step, Instant at, String text) {}
