package dev.flujo.core.plan.shape;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.core.plan.PlanReader;
import dev.flujo.core.plan.PlanReading;
import dev.flujo.core.plan.yaml.FileLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page that users read says what the reader does. */
class PipelineReferenceTest {

    private static final Path PAGE = Path.of("..", "docs", "pipeline-reference.md");
    private static final Pattern EXAMPLE = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);
    private static final Pattern TEMPLATE = Pattern.compile("```yaml template (\\S+)\n(.*?)```", Pattern.DOTALL);
    private static final Pattern KEY = Pattern.compile("(?m)^ *(?:- )?[{]?([a-z_-]+):|[{,] *([a-z_-]+):");

    @Test
    void readsEveryExampleOfThePage() throws IOException {
        Map<String, String> templates = new HashMap<>();
        TEMPLATE.matcher(page()).results().forEach(match -> templates.put(match.group(1), match.group(2)));

        List<String> examples = examples(page());

        assertTrue(examples.size() >= 35, "examples found: " + examples.size());
        for (String example : examples) {
            PlanReading reading = PlanReader.read(example, templates);
            assertTrue(reading instanceof PlanReading.Readable, () -> reading + " of\n" + example);
        }
    }

    @Test
    void readsTheTwoWaysToSayTheSameAsTheSame() throws IOException {
        List<String> same = examples(section("## `on`")).subList(0, 2);

        assertEquals(PlanReader.read(same.get(0)), PlanReader.read(same.get(1)));
    }

    @Test
    void hasATableOfEveryMapping() throws IOException {
        String page = page();

        ReferenceTables.names().forEach(name -> assertTrue(page.contains("<!-- keys: " + name + " -->"), name));
    }

    /** Run with {@code -Dflujo.approve=true} to write the tables anew for review. */
    @Test
    void hasInItsTablesWhatTheShapesSay() throws IOException {
        String filled = ReferenceTables.filled(page());
        if (Boolean.getBoolean("flujo.approve")) {
            Files.writeString(PAGE, filled);
        }

        assertEquals(filled, page());
    }

    @Test
    void showsEveryKeyInAnExample() throws IOException {
        Set<String> shown = new HashSet<>();
        String examples = String.join("\n", examples(page()))
                + TEMPLATE.matcher(page()).results().map(MatchResult::group).toList();
        KEY.matcher(examples)
                .results()
                .forEach(match -> shown.add(match.group(1) == null ? match.group(2) : match.group(1)));
        shown.add("depends_on");

        for (Shape.Keys keys : AllKeys.of(PipelineShape.PIPELINE, PipelineShape.TEMPLATE)) {
            keys.names().forEach(key -> assertTrue(shown.contains(key), keys.owner() + ": " + key));
        }
    }

    @Test
    void tellsTheLimitsThatHold() throws IOException {
        String page = page();

        List.of(
                        Limits.CELLS + ", of at most " + Limits.AXES + " axes",
                        "| " + Limits.CHAIN + " |",
                        "| " + Limits.JOBS + " |",
                        "| " + Limits.STEPS + " |",
                        "| " + Limits.NEEDS + " |",
                        Limits.SCRIPT + " characters",
                        FileLimits.SOURCE_BYTES / 1024 + " KiB, " + FileLimits.DEPTH + " levels",
                        "more than " + FileLimits.PROBLEMS + " problems",
                        "at most " + Limits.VARIABLES + " in one mapping",
                        Limits.VALUE + " characters",
                        "at most " + Limits.EXPRESSION + " characters",
                        "at most " + Limits.EXPRESSIONS + " different ones",
                        "at most " + Limits.TEMPLATE_DEPTH + " deep and " + Limits.TEMPLATES + " different")
                .forEach(limit -> assertTrue(page.replaceAll("\\s+", " ").contains(limit), limit));
    }

    @Test
    void namesEveryVariableThatIsReserved() throws IOException {
        String variables = section("## Variables");
        Formats.RESERVED.forEach(name -> assertTrue(variables.contains("`" + name + "`"), name));
        Formats.RESERVED_PREFIXES.forEach(prefix -> assertTrue(variables.contains("`" + prefix + "…`"), prefix));
        String refused = variables.substring(variables.indexOf("Names that change"));
        for (MatchResult match : Pattern.compile("`([A-Z_][A-Z_0-9]+)(…?)`")
                .matcher(refused)
                .results()
                .toList()) {
            String name = match.group(1) + (match.group(2).isEmpty() ? "" : "X");
            PlanReading reading =
                    PlanReader.read("name: shop\njobs: {build: {steps: [make]}}\nenv: {" + name + ": x}\n");

            assertTrue(reading instanceof PlanReading.Refused, name);
        }
    }

    private static List<String> examples(String text) {
        return EXAMPLE.matcher(text).results().map(match -> match.group(1)).toList();
    }

    private static String section(String heading) throws IOException {
        String page = page();
        int start = page.indexOf(heading + "\n");
        int end = page.indexOf("\n## ", start + 1);
        return page.substring(start, end < 0 ? page.length() : end);
    }

    private static String page() throws IOException {
        return Files.readString(PAGE);
    }
}
