package dev.flujo.core.plan.yaml;

import org.snakeyaml.engine.v2.exceptions.Mark;

/** Where something stands in a file: line and column from 1, counted in code points. */
public record Place(int line, int column) {

    public static final Place START = new Place(1, 1);

    static Place of(Mark mark) {
        return new Place(mark.getLine() + 1, mark.getColumn() + 1);
    }
}
