package dev.flujo.pipeline.orchestrator;

/**
 * Which record a task is judging, noted so that it outlives the process: what lives end of, one after the other, is put aside
 * in the end, instead of ending every life to come.
 */
interface InHand {

    /** So many lives may end of a record before it is put aside. */
    int MOST_DEATHS = 3;

    /** Notes that a record is being judged; tells how many lives in a row have ended while it was. */
    int take(String topic, long offset);

    /** Notes that it has been judged. */
    void done();

    /** Lets go of the note, which stays as it is. */
    void close();
}
