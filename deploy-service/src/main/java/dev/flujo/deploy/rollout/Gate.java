package dev.flujo.deploy.rollout;

import java.io.IOException;

/** Where a rollout waits before anything begins, for as long as the rules of its environment say so. */
interface Gate {

    /** The rules as they are now. */
    Rules rules() throws IOException;
}
