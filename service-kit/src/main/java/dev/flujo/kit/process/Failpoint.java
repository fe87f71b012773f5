package dev.flujo.kit.process;

import java.util.Optional;

/** The named steps at which the process may die, to show that it recovers from there. */
public interface Failpoint {

    /** The code that the operating system reports of a process killed by SIGKILL. */
    int KILLED = 137;

    /** Passes this step, or dies there without any clean-up. */
    void pass(String step);

    /** Dies at the armed step, if there is one. */
    static Failpoint armed(Optional<String> armed) {
        return step -> {
            if (armed.equals(Optional.of(step))) {
                Runtime.getRuntime().halt(KILLED);
            }
        };
    }
}
