package dev.flujo.core.plan.yaml;

import java.util.List;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/** Says in our words what the parser found wrong. */
final class Syntax {

    /** What the parser says, and what we say instead. */
    private record Translation(String parser, String ours) {}

    private static final List<Translation> TRANSLATIONS = List.of(
            new Translation(
                    "mapping values are not allowed here",
                    "Expected one `key: value`, but here is a second `:`; put the value in quotes, or indent the"
                            + " line as the ones beside it."),
            new Translation(
                    "sequence entries are not allowed here",
                    "Expected a value, but here is a list item; put `-` on a line of its own."),
            new Translation(
                    "could not find expected ':'",
                    "Expected `key: value`, but there is no `:` after the key; add it, or put the text in quotes."),
            new Translation(
                    "found unexpected end of stream",
                    "Expected a closing quote, but the file ends without one; add it."),
            new Translation(
                    "expected <block end>",
                    "Expected the same indentation as the lines above, but this line is indented in another way; align"
                            + " it."),
            new Translation(
                    "expected ',' or ']'", "Expected `,` or `]`, but the list goes on without it; close the list."),
            new Translation(
                    "expected ',' or '}'",
                    "Expected `,` or `}`, but the mapping goes on without it; close the mapping."),
            new Translation(
                    "expected the node content", "Expected a value, but there is none; put special text in quotes."),
            new Translation(
                    "found unknown escape character",
                    "Expected an escape of YAML after `\\`, but this is none; use single quotes or `|` for text with"
                            + " backslashes."),
            new Translation(
                    "expected escape sequence",
                    "Expected hexadecimal digits in the escape, but there are others; use single quotes or `|`."),
            new Translation(
                    "expected chomping or indentation indicators",
                    "Expected nothing but the line's end after `|` or `>`, but there is more; start the text on the"
                            + " next line."),
            new Translation(
                    "expected '<document start>'",
                    "Expected one document, but there is more after its end; remove what follows."));

    private final String text;
    private final Problems problems;

    Syntax(String text, Problems problems) {
        this.text = text;
        this.problems = problems;
    }

    void explain(MarkedYamlEngineException failure) {
        boolean unclosed = failure.getProblem().startsWith("found unexpected end of stream");
        Place place = (unclosed ? failure.getContextMark() : failure.getProblemMark())
                .or(failure::getContextMark)
                .map(Place::of)
                .orElse(Place.START);
        problems.add(place, Path.ROOT, sentence(failure.getProblem(), place));
    }

    private String sentence(String problem, Place place) {
        if (problem.contains("(TAB)") || problem.contains("tab character")) {
            return "Expected spaces, but the line is indented with a tab; YAML knows only spaces as indentation.";
        }
        if (problem.startsWith("found character")) {
            return "Expected a value, but " + Quote.of(characterAt(place))
                    + " cannot start one; put the value in quotes.";
        }
        if (problem.startsWith("expected '<document start>'") && text.startsWith("%")) {
            return "Expected plain YAML, but there are directives; remove the lines that start with `%`.";
        }
        return TRANSLATIONS.stream()
                .filter(translation -> problem.startsWith(translation.parser()))
                .map(Translation::ours)
                .findFirst()
                .orElseGet(() -> untranslated(Quote.visible(problem)));
    }

    private static String untranslated(String problem) {
        return problem.startsWith("expected ") && problem.contains(", but ")
                ? "E" + problem.substring(1) + "; correct this line."
                : "Expected YAML 1.2, but the parser says: " + problem + "; correct this line.";
    }

    private String characterAt(Place place) {
        return text.lines()
                .skip(place.line() - 1L)
                .findFirst()
                .filter(line -> line.codePointCount(0, line.length()) >= place.column())
                .map(line -> Character.toString(line.codePointAt(line.offsetByCodePoints(0, place.column() - 1))))
                .orElse("this");
    }
}
