package dev.flujo.deploy.target.local;

import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.TimeUnit;

/** Takes an environment off this machine: its replicas end when they have answered, its ports are free, its files are gone. */
record Removal(EnvironmentDirectory environment, Doors doors) {

    private static final long LOOK_EVERY_MILLIS = 100;

    /** What lets every replica end, and is asked again until all have. */
    interface Draining {
        void drain() throws IOException;
    }

    void go(Draining draining) throws IOException {
        if (!Files.isDirectory(environment.path())) {
            return;
        }
        environment.demote();
        draining.drain();
        while (!isEmpty()) {
            pause();
            draining.drain();
        }
        for (Door door : environment.doors()) {
            doors.close(door);
        }
        new FileTree(environment.path()).delete();
    }

    private boolean isEmpty() throws IOException {
        for (Release release : environment.releases()) {
            if (!release.surplus().isEmpty()) {
                return false;
            }
        }
        return true;
    }

    private static void pause() throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Expected to wait for the end of replicas, but the service is being stopped", e);
        }
    }
}
