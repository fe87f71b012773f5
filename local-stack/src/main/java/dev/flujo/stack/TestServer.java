package dev.flujo.stack;

/** A server of the tests, which they may kill and start again on its data. */
public interface TestServer {

    /** Starts it without waiting for it; after it was killed, on the data that it had. */
    void start();

    /** Waits until it answers. */
    void awaitReady();

    /** Ends it at once, as a crash would (SIGKILL). */
    void kill();

    boolean alive();

    /** Ends it for good: nobody needs its data any more. */
    void discard();
}
