package dev.flujo.core.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Each case of the tables: after {@code ===} its name, then a file, then after {@code >>>} every problem of it with
 * line, column, pointer and sentence. The letters and numbers in the names are rows of the list of bad inputs.
 */
class ProblemTableTest {

    private static final List<String> TABLES = List.of("files", "triggers", "jobs", "forms", "expressions");

    private record Case(String name, String source, String expected) {

        static Case of(String text) {
            int source = text.indexOf('\n') + 1;
            int expected = text.indexOf(">>>\n");
            return new Case(
                    text.substring(0, source - 1), text.substring(source, expected), text.substring(expected + 4));
        }
    }

    @TestFactory
    Stream<DynamicTest> reportsExactlyTheProblemsOf() throws IOException {
        return cases().stream()
                .map(test -> DynamicTest.dynamicTest(test.name(), () -> assertEquals(test.expected(), problems(test))));
    }

    private static String problems(Case test) {
        return Readings.problems(PlanReader.read(test.source())).stream()
                .map(problem -> problem.line() + ":" + problem.column() + " " + problem.pointer() + " | "
                        + problem.sentence() + "\n")
                .collect(Collectors.joining());
    }

    static List<String> sources() throws IOException {
        return cases().stream().map(Case::source).toList();
    }

    private static List<Case> cases() throws IOException {
        List<Case> cases = new ArrayList<>();
        for (String table : TABLES) {
            try (InputStream in = ProblemTableTest.class.getResourceAsStream("problems/" + table + ".txt")) {
                String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                Stream.of(text.split("(?m)^=== ", -1)).skip(1).map(Case::of).forEach(cases::add);
            }
        }
        return cases;
    }
}
