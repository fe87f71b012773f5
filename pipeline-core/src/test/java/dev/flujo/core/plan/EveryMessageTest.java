package dev.flujo.core.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every sentence that the language says to people stands, word for word, in something that a test compares. */
class EveryMessageTest {

    private static final Path SOURCES = Path.of("src/main/java/dev/flujo/core/plan");
    private static final List<Path> COMPARED =
            List.of(Path.of("src/test/resources"), Path.of("src/test/java"), Path.of("../e2e/scenarios"));
    private static final Path REFERENCE = Path.of("..", "docs", "pipeline-reference.md");
    private static final int WORDS = 4;

    /** What libraries say that nobody foresaw, and what only a mistake of ours could say. */
    private static final List<String> UNFORESEEN = List.of(
            "Expected YAML 1.2, but the parser says:",
            "Expected values that fit together, but",
            "Expected to refuse for a reason, but there is none.",
            "Expected a next time, but there is none",
            "Expected an expression that was checked, but it is",
            "Expected JSON, but it is none:",
            "; correct this line.");

    /** What shapes say of keys that have no table in the reference. */
    private static final List<String> UNTOLD = List.of("the further jobs of the run; as those of a pipeline");

    /** Pieces of sentences begin so, or end with what is to be done. */
    private static final Pattern SENTENCE = Pattern.compile(
            "(?s)(Expected |, but |as |without a value|such as |is |has |it ).*|.*[a-z]; [a-z].*|.*\\.");

    private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\\n]|\\\\.)*)\"");
    private static final Pattern NO_LITERAL = Pattern.compile("(?s)/\\*.*?\\*/|'(?:\\\\.|[^'\\\\])'");
    private static final Pattern UNICODE = Pattern.compile("(?<!\\\\)\\\\u+([0-9a-fA-F]{4})");
    private static final Pattern HOLE = Pattern.compile("\\{}|%0?[0-9]*[sdX]");

    @Test
    void isComparedByATest() throws IOException {
        StringBuilder compared = new StringBuilder(Files.readString(REFERENCE).replaceAll("\\s+", " "));
        for (Path path : COMPARED) {
            for (Path file : files(path)) {
                String text = Files.readString(file);
                compared.append(
                                file.toString().endsWith(".java") && !file.endsWith("EveryMessageTest.java")
                                        ? String.join("\n", literals(text))
                                        : text)
                        .append('\n');
            }
        }
        List<String> missing = new ArrayList<>();
        int found = 0;
        for (Path file : files(SOURCES)) {
            for (String sentence : sentences(Files.readString(file))) {
                found++;
                if (compared.indexOf(sentence) < 0 && !UNFORESEEN.contains(sentence) && !UNTOLD.contains(sentence)) {
                    missing.add(file.getFileName() + ": " + sentence);
                }
            }
        }
        assertEquals("", String.join("\n", missing), "sentences that no test compares");
        assertTrue(found > 300, "sentences found: " + found);
    }

    private static List<String> sentences(String source) {
        return literals(source).stream()
                .filter(literal -> SENTENCE.matcher(literal).matches() && !literal.contains("\\$"))
                .flatMap(literal -> Arrays.stream(HOLE.split(literal)))
                .map(String::strip)
                .filter(piece -> piece.split("\\s+").length >= WORDS)
                .toList();
    }

    /** The texts in a Java source, those joined by {@code +} as one. */
    private static List<String> literals(String source) {
        String java = NO_LITERAL.matcher(source).replaceAll(Matcher.quoteReplacement("''"));
        List<String> literals = new ArrayList<>();
        int end = -1;
        for (MatchResult match : LITERAL.matcher(java).results().toList()) {
            String text = UNICODE.matcher(match.group(1))
                    .replaceAll(
                            code -> Matcher.quoteReplacement(Character.toString(Integer.parseInt(code.group(1), 16))))
                    .translateEscapes();
            boolean joined =
                    end >= 0 && java.substring(end, match.start()).strip().equals("+");
            if (joined) {
                literals.set(literals.size() - 1, literals.get(literals.size() - 1) + text);
            } else {
                literals.add(text);
            }
            end = match.end();
        }
        return literals;
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
