package dev.flujo.core.plan.shape;

import static dev.flujo.core.plan.shape.Limits.EXPRESSION;
import static dev.flujo.core.plan.shape.Limits.INPUT;
import static dev.flujo.core.plan.shape.Limits.PATTERN;
import static dev.flujo.core.plan.shape.Limits.VARIABLES;

import dev.flujo.core.plan.shape.Shape.Forms;
import dev.flujo.core.plan.shape.Shape.Table;
import dev.flujo.core.plan.shape.Shape.Text;
import java.time.Duration;
import java.util.List;

/** Shapes that several keys have. */
final class Words {

    static final Shape CONDITION = new Text(Format.ANY, EXPRESSION, false, Text.Expressions.ITSELF);
    static final Shape FLAG = new Shape.Flag();
    static final Shape LINE = Text.of(Formats.LINE, Limits.NAME);

    /** Nothing at all, or an empty mapping. */
    static final Shape NO_SETTINGS = new Forms(
            java.util.Optional.empty(),
            java.util.Optional.empty(),
            java.util.Optional.of(new Shape.Keys("an empty mapping", List.of())),
            true,
            "without a value");

    static final Shape ENV = new Table(
            List.of("variable", "variables in `env`"),
            Formats.VARIABLE,
            new Text(Format.ANY, Limits.VALUE, true, Text.Expressions.REPLACED),
            0,
            VARIABLES,
            "remove some",
            List.of());

    /** Values for inputs, by their names. */
    static final Shape VALUES = new Table(
            List.of("input", "inputs"),
            Formats.INPUT_NAME,
            new Text(Format.ANY, INPUT, true, Text.Expressions.REPLACED),
            0,
            Limits.INPUTS,
            "remove some",
            List.of());

    static final Shape FILES = Forms.texts(Text.of(Globs.FILES, PATTERN), Limits.PATTERNS);
    static final Shape LABELS = Forms.texts(Text.of(Formats.LABEL, PATTERN), Limits.LABELS);
    static final Shape SECRETS = Forms.texts(Text.of(Formats.SECRET, PATTERN), Limits.SECRETS);
    static final Shape IMAGE = Text.computed(Formats.IMAGE, PATTERN);
    static final Shape SHELL = new Shape.Word(List.of("bash", "sh", "python"));
    static final Shape DIRECTORY = Text.of(Globs.DIRECTORY, PATTERN);
    static final Shape JOB_TIME = span(Limits.LONGEST_JOB);

    private Words() {}

    static Shape span(Duration longest) {
        return new Shape.Span(Limits.SHORTEST, longest);
    }

    static Shape ids(Format format, int most) {
        return Forms.texts(Text.of(format, PATTERN), most);
    }

    /** How a list's limits are told. */
    static String most(int most) {
        return "at most " + most + ", each of at most " + PATTERN + " characters";
    }

    static String times(Duration longest) {
        return "`" + TimeSpan.written(Limits.SHORTEST) + "` to `" + TimeSpan.written(longest) + "`";
    }
}
