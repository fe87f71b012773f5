package dev.flujo.core.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page that users read says what the reader does. */
class PipelineReferenceTest {

    private static final java.nio.file.Path PAGE = java.nio.file.Path.of("..", "docs", "pipeline-reference.md");
    private static final Pattern EXAMPLE = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([^`]+)` \\| (.+) \\|$");

    @Test
    void readsEveryExampleOfThePage() throws IOException {
        List<String> examples =
                EXAMPLE.matcher(page()).results().map(match -> match.group(1)).toList();

        assertTrue(examples.size() >= 8, "examples found: " + examples.size());
        examples.forEach(example -> Readings.plan(PlanReader.read(example)));
    }

    @Test
    void readsTheTwoWaysToSayTheSameAsTheSame() throws IOException {
        List<PlanReading> same = EXAMPLE.matcher(section("## `on`"))
                .results()
                .map(match -> PlanReader.read(match.group(1)))
                .toList();

        assertEquals(2, same.size());
        assertEquals(same.get(0), same.get(1));
    }

    @Test
    void namesEveryKeyAndNoOther() throws IOException {
        assertEquals(keys(Vocabulary.PIPELINE, ""), rows("## The pipeline"));
        assertEquals(keys(Vocabulary.STEP, ""), rows("## A step"));
        assertEquals(List.of("on.manual", "on.push", "on.push.branches"), rows("## `on`"));
        assertEquals(keys(Vocabulary.PUSH, "on.push."), List.of("on.push.branches"));
        assertEquals(
                keys(Vocabulary.JOB, ""),
                rows("## A job").stream()
                        .map(key -> key.replaceFirst("\\..*", ""))
                        .toList());
        assertEquals(
                keys(Vocabulary.DEPLOY, "deploy."),
                rows("## Deployments").stream()
                        .map(key -> key.replaceFirst("health\\..*", "health"))
                        .distinct()
                        .toList());
        assertEquals(
                keys(Vocabulary.HEALTH, "deploy.health."),
                rows("## Deployments").stream()
                        .filter(key -> key.contains("health"))
                        .toList());
    }

    @Test
    void tellsTheLimitsThatHold() throws IOException {
        Map<String, String> limits = Map.of(
                "jobs", "1 to " + Limits.JOBS + " jobs",
                "on.push.branches",
                        "at most " + Limits.PATTERNS + ", each of at most " + Limits.PATTERN + " characters",
                "needs",
                        "at most " + Limits.NEEDS + ", none twice, no cycle; at most " + Limits.CHAIN
                                + " jobs one after the other",
                "steps", "1 to " + Limits.STEPS + " scripts",
                "timeout",
                        "`" + TimeSpan.written(Limits.SHORTEST) + "` to `" + TimeSpan.written(Limits.LONGEST_JOB) + "`",
                "artifacts.paths",
                        "at most " + Limits.PATTERNS + " patterns, each of at most " + Limits.PATTERN + " characters",
                "run", "at most " + Limits.SCRIPT + " characters",
                "deploy.health.timeout",
                        "`" + TimeSpan.written(Limits.SHORTEST) + "` to `" + TimeSpan.written(Limits.LONGEST_HEALTH)
                                + "`",
                "deploy.health.path", "`" + Limits.DEFAULT_HEALTH_PATH + "`");

        limits.forEach((key, limit) -> assertTrue(row(key).contains(limit), key + ": " + limit));
        assertTrue(row("timeout").contains("`" + TimeSpan.written(Limits.DEFAULT_JOB) + "`"));
        assertTrue(row("deploy.health.timeout").contains("`" + TimeSpan.written(Limits.DEFAULT_HEALTH) + "`"));
        assertTrue(page().contains(
                        "more than " + Limits.DEPTH + " levels, more than " + Limits.SOURCE_BYTES / 1024 + " KiB"));
        assertTrue(page().contains("more than " + Limits.PROBLEMS + " problems"));
        assertTrue(section("## Variables").contains("at most " + Limits.VARIABLES + " in one mapping"));
        assertTrue(section("## Variables").contains(Limits.VALUE + " characters"));
        assertTrue(section("## A step").contains("one line of at most " + Limits.STEP_NAME + " characters"));
    }

    @Test
    void namesEveryVariableThatIsReserved() throws IOException {
        String variables = section("## Variables");
        for (MatchResult match : Pattern.compile("`([A-Z_][A-Z_0-9]+)(…?)`")
                .matcher(variables)
                .results()
                .toList()) {
            String name = match.group(1) + (match.group(2).isEmpty() ? "" : "X");
            String source = "name: shop\njobs: {build: {steps: [make]}}\nenv: {" + name + ": x}\n";

            assertEquals(1, Readings.problems(PlanReader.read(source)).size(), name);
        }
        EnvReader.RESERVED.forEach(name -> assertTrue(variables.contains("`" + name + "`"), name));
        EnvReader.RESERVED_PREFIXES.forEach(prefix -> assertTrue(variables.contains("`" + prefix + "…`"), prefix));
    }

    private static List<String> keys(Vocabulary vocabulary, String prefix) {
        return new ArrayList<>(new TreeSet<>(
                vocabulary.keys().stream().map(key -> prefix + key).toList()));
    }

    private static List<String> rows(String heading) throws IOException {
        return new ArrayList<>(new TreeSet<>(ROW.matcher(section(heading))
                .results()
                .map(match -> match.group(1))
                .toList()));
    }

    /** All rows of the key, of whichever table. */
    private static String row(String key) {
        try {
            return String.join(
                    "\n",
                    ROW.matcher(page())
                            .results()
                            .filter(match -> match.group(1).equals(key))
                            .map(match -> match.group(2))
                            .toList());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
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
