package dev.flujo.metrics.api;

import dev.flujo.metrics.Window;
import java.time.LocalDate;

/** The days that an answer is about, both ends included, in UTC. */
public record WindowView(LocalDate from, LocalDate to, int days) {

    static WindowView of(Window window) {
        return new WindowView(window.from(), window.to(), window.days());
    }
}
