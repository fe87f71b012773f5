package dev.flujo.metrics;

import dev.flujo.event.Envelope;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/**
 * The facts that numbers follow from, each kept under its natural key: writing one again changes nothing, so neither the
 * order nor the number of writes matters. Everything but {@link #put} fails with a 503 problem while the store is away.
 */
public interface Facts {

    /** Writes the facts to all their places; completes when all are there. Safe to repeat. */
    CompletionStage<Void> put(List<Fact> facts);

    /** The events of a run; empty if there is none of this id. */
    List<Envelope> run(UUID run);

    /** The events of several runs, in the order asked for. */
    List<List<Envelope>> runs(List<UUID> runs);

    /** The runs of a project that were received in the window, in that order. */
    List<Fact.Entry> entries(String project, Window window);

    /** What happened to the environments of a project in the window. */
    List<Envelope> deployFacts(String project, Window window);

    /** Every project of which there are facts, in the order of names. */
    List<String> projects();

    /** Deletes all facts. */
    void empty();

    /** Whether a rebuild was begun and has not ended, by this or any other process. */
    boolean rebuilding();

    void setRebuilding(boolean running);
}
