package dev.flujo.core.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a file may become by its templates and matrices, and not by itself. */
class TemplateLimitsTest {

    private static final String USING = "name: shop\njobs: {a: {uses: ./t0.yml}}\n";

    @Test
    void refusesTemplatesThatAreNestedTooDeep() {
        assertEquals(1, Readings.plan(PlanReader.read(USING, nested(5))).jobs().size());
        assertRefused(
                "Expected templates at most 5 deep, but here are more; flatten them.",
                PlanReader.read(USING, nested(6)));
    }

    @Test
    void refusesTooManyDifferentTemplates() {
        IntFunction<PlanReading> reading = count -> {
            Map<String, String> templates = new HashMap<>();
            IntStream.range(0, count).forEach(i -> templates.put("./t" + i + ".yml", "name: t\nsteps: [make]\n"));
            return PlanReader.read(
                    "name: shop\njobs: {a: {steps: [" + repeat(count, i -> "{uses: ./t" + i + ".yml},") + "]}}\n",
                    templates);
        };

        Readings.plan(reading.apply(50));
        assertRefused(
                "Expected at most 50 different templates, but there are more; join some of them.", reading.apply(51));
    }

    @Test
    void refusesMoreStepsThanAJobHas() {
        String template = "name: t\nsteps: [" + repeat(150, i -> "make,") + "]\n";

        assertRefused(
                "Expected at most 200 steps in a job, but with its templates there are more; make it several jobs.",
                PlanReader.read(
                        "name: shop\njobs: {a: {steps: [{uses: ./t.yml}, {uses: ./t.yml}]}}\n",
                        Map.of("./t.yml", template)));
    }

    @Test
    void refusesMoreJobsThanARunHas() {
        String cells = "[" + repeat(200, i -> i + ",") + "]";
        String source =
                "name: shop\njobs:\n" + repeat(6, i -> "  j" + i + ": {matrix: {n: " + cells + "}, steps: [make]}\n");

        assertRefused(
                "8:3 Expected at most 1000 jobs in a run, but with matrices and templates there are more from here on;"
                        + " split the pipeline.",
                PlanReader.read(source));
        String template = "name: t\njobs:\n" + repeat(600, i -> "  j" + i + ": {steps: [make]}\n");
        assertRefused(
                "Expected at most 1000 jobs from templates, but there are more; split the pipeline.",
                PlanReader.read(
                        "name: shop\njobs: {a: {uses: ./t.yml}, b: {uses: ./t.yml}}\n", Map.of("./t.yml", template)));
    }

    @Test
    void refusesMoreTextThanAPlanHas() {
        String template = "name: t\nsteps: ['" + "x".repeat(50_000) + "']\n";
        String source = "name: shop\njobs: {a: {steps: [" + repeat(6, i -> "{uses: ./t.yml},") + "]}}\n";

        assertRefused(
                "Expected at most 262144 characters of scripts and variables, but with its templates the pipeline has"
                        + " 300000; split it.",
                PlanReader.read(source, Map.of("./t.yml", template)));
    }

    @Test
    void refusesMoreExpressionsThanAFileHas() {
        assertRefused(
                "Expected at most 200 different expressions in a file, but there are more; use the same ones, or compute"
                        + " in a script.",
                PlanReader.read("name: shop\njobs:\n"
                        + repeat(201, i -> "  j" + i + ": {if: event.branch == 'b" + i + "', steps: [make]}\n")));
    }

    private static void assertRefused(String sentence, PlanReading reading) {
        List<String> sentences = Readings.sentences(reading);
        assertTrue(sentences.stream().anyMatch(said -> said.contains(sentence)), sentences::toString);
    }

    private static Map<String, String> nested(int depth) {
        Map<String, String> templates = new HashMap<>();
        for (int i = 0; i < depth - 1; i++) {
            templates.put("./t" + i + ".yml", "name: t\njobs: {a: {uses: ./t" + (i + 1) + ".yml}}\n");
        }
        templates.put("./t" + (depth - 1) + ".yml", "name: t\njobs: {a: {steps: [make]}}\n");
        return templates;
    }

    private static String repeat(int times, IntFunction<String> text) {
        return IntStream.range(0, times).mapToObj(text).collect(Collectors.joining());
    }
}
