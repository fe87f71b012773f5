package dev.flujo.pipeline.forge;

import java.time.Instant;
import java.util.UUID;

/**
 * Something has happened to a run that its forge is to be told of.
 *
 * @param partition where the log says so
 * @param sequence the number of the event in the run's log: what is told has to be at least as new
 * @param settled to be called once it has been told, or never will be
 */
record Due(Repository repository, int partition, UUID run, long sequence, Instant at, Runnable settled) {}
