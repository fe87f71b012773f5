package dev.flujo.core.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.core.plan.yaml.Characters;
import dev.flujo.core.plan.yaml.FileLimits;
import dev.flujo.core.plan.yaml.PlanProblem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Whatever the file, the reader answers with a plan or with well-formed problems, and twice with the same. */
class PlanReaderFuzzTest {

    private static final long SEED = 20261124;
    private static final int FILES = 2_000;
    private static final Pattern GRAMMAR =
            Pattern.compile("Expected .+, but .+\\.( Did you mean `.+`\\?)?", Pattern.DOTALL);
    private static final List<String> FRAGMENTS = List.of(
            "&a ",
            "*a",
            "<<: ",
            "!!str ",
            "---\n",
            "...\n",
            "? ",
            ": ",
            "- ",
            "[",
            "]",
            "{",
            "}",
            "\t",
            "\n",
            "\r",
            "|\n",
            ">-\n",
            "\"",
            "'",
            "\\0",
            "\0",
            "\u202e",
            "\ufeff",
            "\ud800",
            "${{ x }}",
            "#",
            "%",
            "@",
            "~",
            "null",
            "steps:",
            "needs: ",
            "jobs:",
            "\u2028",
            "\u0085",
            "😀",
            "10m",
            "..",
            "/",
            ",",
            "\\U00110000",
            "!<",
            "|9",
            "%YAML 1.1\n");

    @Test
    void neverFailsOnDamagedFiles() throws IOException {
        Random random = new Random(SEED);
        List<String> sources = new ArrayList<>(ProblemTableTest.sources());
        sources.add(PlanReaderTest.WHOLE);

        for (int i = 0; i < FILES; i++) {
            String source = damaged(sources.get(random.nextInt(sources.size())), random);
            PlanReading reading = PlanReader.read(source);

            check(reading, source);
            assertEquals(reading, PlanReader.read(source), source);
        }
    }

    @Test
    void neverFailsOnDamagedBytes() {
        Random random = new Random(SEED);
        for (int i = 0; i < FILES; i++) {
            byte[] source = PlanReaderTest.WHOLE.getBytes(StandardCharsets.UTF_8);
            for (int hits = 1 + random.nextInt(4); hits > 0; hits--) {
                source[random.nextInt(source.length)] = (byte) random.nextInt(256);
            }

            check(PlanReader.read(source), new String(source, StandardCharsets.ISO_8859_1));
        }
    }

    @Test
    void neverFailsOnNoise() {
        Random random = new Random(SEED);
        for (int i = 0; i < FILES; i++) {
            StringBuilder source = new StringBuilder();
            for (int parts = random.nextInt(60); parts > 0; parts--) {
                source.append(FRAGMENTS.get(random.nextInt(FRAGMENTS.size())));
            }

            check(PlanReader.read(source.toString()), source.toString());
        }
    }

    private static void check(PlanReading reading, String source) {
        if (reading instanceof PlanReading.Readable) {
            return;
        }
        List<PlanProblem> problems = Readings.problems(reading);
        int lines = (int) source.replace("\r\n", "\n")
                        .chars()
                        .filter(c -> c == '\n' || c == '\r')
                        .count()
                + 1;
        assertFalse(problems.isEmpty(), source);
        assertTrue(problems.size() <= FileLimits.PROBLEMS + 1, source);
        for (PlanProblem problem : problems) {
            assertTrue(GRAMMAR.matcher(problem.sentence()).matches(), problem.sentence());
            assertTrue(problem.line() >= 1 && problem.line() <= lines, problem + " in " + source);
            assertTrue(problem.column() >= 1, problem + " in " + source);
            assertTrue(problem.pointer().isEmpty() || problem.pointer().startsWith("/"), problem.pointer());
            assertTrue(problem.sentence().length() < 600, problem.sentence());
            assertTrue(Characters.firstHidden(problem.sentence()).isEmpty(), problem.sentence());
        }
    }

    private static String damaged(String source, Random random) {
        StringBuilder text = new StringBuilder(source);
        for (int hits = 1 + random.nextInt(5); hits > 0; hits--) {
            int at = random.nextInt(text.length() + 1);
            int end = Math.min(text.length(), at + random.nextInt(8));
            switch (random.nextInt(4)) {
                case 0 -> text.delete(at, end);
                case 1 -> text.insert(at, FRAGMENTS.get(random.nextInt(FRAGMENTS.size())));
                case 2 -> text.insert(at, text.substring(at, Math.min(text.length(), at + random.nextInt(200))));
                default -> text.replace(at, end, Character.toString(random.nextInt(0x300)));
            }
        }
        return text.toString();
    }
}
