package dev.flujo.metrics.api;

import java.util.List;

/** The events behind a number. */
public record EventsView(List<EventView> events) {}
