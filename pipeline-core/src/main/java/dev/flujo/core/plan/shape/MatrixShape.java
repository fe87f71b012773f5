package dev.flujo.core.plan.shape;

import static dev.flujo.core.plan.shape.Limits.PATTERN;

import dev.flujo.core.plan.shape.Shape.Forms;
import dev.flujo.core.plan.shape.Shape.Items;
import dev.flujo.core.plan.shape.Shape.Table;
import dev.flujo.core.plan.shape.Shape.Text;
import java.util.List;

/** A matrix: axes whose names the file chooses, and four keys that are Flujo's. */
final class MatrixShape {

    private static final Shape VALUE = Text.of(Formats.LINE, PATTERN);

    private static final Shape ENTRY =
            new Table(List.of("axis", "axes"), Formats.AXIS, VALUE, 1, Limits.AXES * 2, "remove some", List.of());

    private static final Shape ENTRIES = new Items(ENTRY, 1, Limits.CELLS, "- {jdk: 25}");

    /** Longer than any list that gives cells is allowed to be, so that the limit of cells is what is told. */
    private static final int MOST_VALUES = 10_000;

    /** What a matrix has besides its axes. */
    static final List<Key> FIXED = List.of(
            Key.of(
                    "include",
                    Forms.of(
                            Text.computed(Formats.EXPRESSION, Limits.EXPRESSION),
                            ENTRIES,
                            null,
                            "as a list of mappings or an expression that gives one"),
                    "none",
                    "further cells: each adds its values to the cells that it agrees with, or is a cell of its "
                            + "own; at most "
                            + Limits.CELLS),
            Key.of(
                    "exclude",
                    ENTRIES,
                    "none",
                    "cells that are left out: those that agree with all values of an entry; at most " + Limits.CELLS),
            Key.of(
                    "max-parallel",
                    new Shape.Whole(1, Limits.CELLS),
                    "all",
                    "how many cells may go on at once: 1 to " + Limits.CELLS),
            Key.of("fail-fast", Words.FLAG, "`true`", "the first cell that fails ends the others"));

    static final Table MATRIX = new Table(
            List.of("axis", "axes"),
            Formats.AXIS,
            Forms.of(
                    Text.computed(Formats.EXPRESSION, Limits.EXPRESSION),
                    new Items(VALUE, 1, MOST_VALUES, true, ""),
                    null,
                    "as a list of values or an expression that gives one"),
            1,
            Limits.AXES,
            "remove some",
            FIXED);

    private MatrixShape() {}
}
