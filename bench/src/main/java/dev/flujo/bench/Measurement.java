package dev.flujo.bench;

import java.io.IOException;
import java.util.List;

/** Something that is measured on a stack that is up. */
interface Measurement {

    /** Measures, and leaves the stack with nothing to do. */
    List<Figure> measure(Session session) throws IOException, InterruptedException;
}
