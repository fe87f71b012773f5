package dev.flujo.core.plan.shape;

import dev.flujo.core.plan.shape.Shape.Text.Expressions;
import dev.flujo.core.plan.yaml.FileLimits;
import dev.flujo.core.plan.yaml.Node;
import dev.flujo.core.plan.yaml.Problems;
import dev.flujo.core.plan.yaml.Quote;
import dev.flujo.core.plan.yaml.Spelling;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/** Checks single values, and reports what is there instead. */
final class TextCheck {

    /** Text that is not only spaces; as a schema says it. */
    static final Pattern FILLED = Pattern.compile("[^ \\t\\r\\n]");

    private final Problems problems;

    TextCheck(Problems problems) {
        this.problems = problems;
    }

    void check(Shape shape, Node node, String name) {
        if (shape instanceof Shape.Text text) {
            text(text, node, name);
        } else if (shape instanceof Shape.Word word) {
            word(word, node, name);
        } else if (shape instanceof Shape.Whole whole) {
            whole(whole, node, name);
        } else if (shape instanceof Shape.Span span) {
            span(span, node, name);
        } else if (shape instanceof Shape.Flag) {
            flag(node, name);
        } else if (shape instanceof Shape.Bare bare) {
            bare(bare, node, name);
        } else {
            throw new AssertionError("unhandled shape " + shape);
        }
    }

    /** Says what was expected and what is there; stays silent where that is reported already. */
    void refuse(Node node, String expected) {
        refuse(node, expected, Optional.empty());
    }

    void checkKey(Format format, Node.Scalar key) {
        if (!problems.refused(key)) {
            format.refusal(key.text(), Quote.of(key.text()))
                    .ifPresent(refusal -> problems.add(key, refusal, () -> format.meant(key.text())));
        }
    }

    /** Several texts with commas between them, where a list of them is meant. */
    boolean refusedWithoutBrackets(Shape.Forms forms, Node node, String name) {
        if (forms.list().isEmpty()
                || !(node instanceof Node.Scalar scalar)
                || !scalar.text().contains(",")
                || !(forms.text().orElse(null) instanceof Shape.Text text)
                || text.format().accepts(scalar.text())
                || !Arrays.stream(scalar.text().split(",", -1))
                        .allMatch(part -> text.format().accepts(part.strip()))) {
            return false;
        }
        problems.add(
                node,
                "Expected " + name + " " + forms.described() + ", but " + scalar.described()
                        + " is one text; put brackets around it.",
                () -> Optional.of("[" + scalar.text() + "]").filter(list -> list.length() <= FileLimits.KEY));
        return true;
    }

    private void text(Shape.Text shape, Node node, String name) {
        if (!(node instanceof Node.Scalar scalar) || scalar.absent()) {
            refuse(node, "Expected " + name + " as text");
            return;
        }
        String text = scalar.text();
        int length = text.codePointCount(0, text.length());
        if (length > shape.longest()) {
            problems.add(
                    node,
                    "Expected " + name + " with at most " + shape.longest() + " characters, but it has " + length
                            + "; shorten it.");
        } else if (!shape.empty() && !FILLED.matcher(text).find()) {
            problems.add(node, "Expected " + name + " as text, but it is blank; fill it in.");
        } else if (text.contains(Pasting.OPEN) && shape.expressions() == Expressions.REPLACED) {
            return;
        } else if (text.contains(Pasting.OPEN) && shape.expressions() == Expressions.ITSELF) {
            problems.add(
                    node,
                    "Expected " + name + " as an expression, but there is `${{` in it; write the expression alone.",
                    () -> Pasting.inner(text));
        } else if (Pasting.in(text) && shape.expressions() == Expressions.REPLACED) {
            problems.add(node, Pasting.foreign(text));
        } else if (Pasting.in(text) && shape.expressions() == Expressions.REFUSED) {
            problems.add(node, Pasting.refusal(text), () -> Pasting.meant(text));
        } else {
            shape.format()
                    .refusal(text, scalar.described())
                    .ifPresent(refusal ->
                            problems.add(node, refusal, () -> shape.format().meant(text)));
        }
    }

    private void word(Shape.Word shape, Node node, String name) {
        if (!(node instanceof Node.Scalar scalar) || !shape.words().contains(scalar.text())) {
            refuse(
                    node,
                    "Expected " + name + (shape.words().size() == 1 ? " as " : " as one of ")
                            + Quote.all(shape.words(), "or"),
                    node instanceof Node.Scalar written
                            ? Spelling.nearest(written.text(), shape.words())
                            : Optional.empty());
        }
    }

    private void whole(Shape.Whole shape, Node node, String name) {
        boolean fits = node instanceof Node.Scalar scalar
                && scalar.text().matches("-?(0|[1-9][0-9]{0,8})")
                && Integer.parseInt(scalar.text()) >= shape.least()
                && Integer.parseInt(scalar.text()) <= shape.most();
        if (!fits) {
            refuse(node, "Expected " + name + " as a whole number from " + shape.least() + " to " + shape.most());
        }
    }

    private void span(Shape.Span shape, Node node, String name) {
        Optional<Duration> time = node instanceof Node.Scalar scalar ? TimeSpan.parse(scalar.text()) : Optional.empty();
        boolean fits = time.filter(t -> t.compareTo(shape.shortest()) >= 0 && t.compareTo(shape.longest()) <= 0)
                .isPresent();
        if (!fits) {
            refuse(
                    node,
                    "Expected " + name + " as a time from " + TimeSpan.written(shape.shortest()) + " to "
                            + TimeSpan.written(shape.longest()) + " such as `30s`, `10m` or `2h`",
                    time.isPresent() ? Optional.of(TimeSpan.written(shape.longest())) : meant(node, shape.longest()));
        }
    }

    private static Optional<String> meant(Node node, Duration longest) {
        return node instanceof Node.Scalar scalar
                ? TimeSpan.meant(scalar.text()).filter(text -> TimeSpan.parse(text)
                        .filter(time -> time.compareTo(longest) <= 0)
                        .isPresent())
                : Optional.empty();
    }

    private void flag(Node node, String name) {
        boolean fits = node instanceof Node.Scalar scalar
                && (scalar.text().equals("true") || scalar.text().equals("false"));
        if (!fits) {
            refuse(node, "Expected " + name + " as `true` or `false`", flagMeant(node));
        }
    }

    private static Optional<String> flagMeant(Node node) {
        if (!(node instanceof Node.Scalar scalar)) {
            return Optional.empty();
        }
        return switch (scalar.text()) {
            case "yes", "on", "True", "TRUE", "1", "y" -> Optional.of("true");
            case "no", "off", "False", "FALSE", "0", "n" -> Optional.of("false");
            default -> Optional.empty();
        };
    }

    private void bare(Shape.Bare shape, Node node, String name) {
        if (!(node instanceof Node.Scalar scalar) || scalar.absent()) {
            refuse(node, "Expected " + name + " as text");
            return;
        }
        Vocabulary vocabulary = new Vocabulary(shape.keys());
        Optional<String> refusal = vocabulary.refusal(scalar.text());
        if (refusal.isPresent()) {
            problems.add(node, refusal.get(), () -> vocabulary.meant(scalar.text()));
        } else if (!shape.words().contains(scalar.text())) {
            problems.add(
                    node,
                    "Expected settings of " + scalar.described() + ", but it stands alone; write it as a key with"
                            + " its settings as value.");
        }
    }

    private void refuse(Node node, String expected, Optional<String> meant) {
        if (!(node instanceof Node.Unreadable)) {
            boolean absent = node instanceof Node.Scalar scalar && scalar.absent();
            String remedy = absent ? "; fill it in." : "; correct it.";
            problems.add(node, expected + ", but it is " + node.described() + remedy, () -> meant);
        }
    }
}
