package dev.flujo.core.plan;

import org.snakeyaml.engine.v2.exceptions.Mark;

/** Where something stands in a file: line and column from 1, counted in code points. */
record Place(int line, int column) {

    static final Place START = new Place(1, 1);

    static Place of(Mark mark) {
        return new Place(mark.getLine() + 1, mark.getColumn() + 1);
    }
}
