package dev.flujo.pipeline.store;

import java.time.Instant;
import java.util.Objects;

/** Whole lines of one step, joined by line feeds; chunks of an attempt are numbered from 0. */
public record LogChunk(int number, long firstLine, int lines, int step, Instant at, String text) {

    public LogChunk {
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(text, "text");
    }

    /** The number of the line after the last one. */
    public long end() {
        return firstLine + lines;
    }
}
