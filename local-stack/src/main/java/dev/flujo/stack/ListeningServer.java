package dev.flujo.stack;

import java.time.Duration;

/** A server as a child process that is ready once it listens at its port. */
public abstract class ListeningServer implements TestServer {

    private final String title;
    private final int port;
    private final Duration patience;
    private final ServerProcess process;

    /** @param title what it is called in messages */
    ListeningServer(String title, int port, Duration patience, ServerProcess process) {
        this.title = title;
        this.port = port;
        this.patience = patience;
        this.process = process;
    }

    public final ServerProcess process() {
        return process;
    }

    final int port() {
        return port;
    }

    @Override
    public final void awaitReady() {
        Await.until(patience, () -> Await.listening(port) || !process.alive());
        if (!process.alive() || !Await.listening(port)) {
            throw new StackException("Expected " + title + " to listen at port " + port + " within "
                    + patience.toSeconds() + " s, but it does not; its log " + process.log() + " ends with:\n"
                    + process.lastLines(5));
        }
    }

    @Override
    public final void kill() {
        process.kill();
    }

    @Override
    public final boolean alive() {
        return process.alive();
    }

    @Override
    public final void discard() {
        process.stop(Duration.ZERO);
    }
}
