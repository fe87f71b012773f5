package dev.flujo.deploy;

import dev.flujo.deploy.config.ConfigStore;
import dev.flujo.deploy.rollout.Desk;
import dev.flujo.deploy.rollout.Stays;
import dev.flujo.event.ConfigEvent.ConfigGiven;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** The settings and secrets of tests, in a directory. */
public final class TestDesk {

    /** How many environments with an end a project may have. */
    public static final int MOST = 3;

    private TestDesk() {}

    /** One of which nobody is told anything. */
    public static Desk in(Path directory) {
        return in(directory, given -> {});
    }

    public static Desk in(Path directory, Consumer<ConfigGiven> told) {
        try {
            return new Desk(
                    new ConfigStore(directory, Optional.empty()),
                    told,
                    new Stays(directory, MOST),
                    question -> Optional.empty());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
