package dev.flujo.deploy;

import java.util.Optional;

/** A named step at which the process can be made to die, to show that it recovers from there. Inert unless configured. */
public record Failpoint(Optional<String> armed) {

    /** The code that the operating system reports of a process killed by SIGKILL. */
    private static final int KILLED = 137;

    /** Dies here, without any clean-up, if this step is the armed one. */
    public void pass(String step) {
        if (armed.equals(Optional.of(step))) {
            Runtime.getRuntime().halt(KILLED);
        }
    }
}
