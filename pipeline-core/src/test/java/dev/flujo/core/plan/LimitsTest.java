package dev.flujo.core.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.flujo.core.plan.yaml.PlanProblem;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Each limit holds exactly where it is said to: rows B02, B44 and B50 of the list of bad inputs. */
class LimitsTest {

    @Test
    void readsAThousandJobsAndRefusesMore() {
        IntFunction<String> file = jobs -> "name: shop\njobs:\n" + repeat(jobs, i -> "  j" + i + ": {steps: [make]}\n");

        assertEquals(
                1000, Readings.plan(PlanReader.read(file.apply(1000))).jobs().size());
        assertEquals(
                List.of("3:3 Expected at most 1000 jobs, but there are 1001; split the pipeline."),
                Readings.sentences(PlanReader.read(file.apply(1001))));
    }

    @Test
    void refusesTenThousandAndOneJobsWithOneSentence() {
        String file = "name: shop\njobs:\n" + repeat(10_001, i -> "  j" + i + ": {steps: [a]}\n");

        assertEquals(
                List.of("3:3 Expected at most 1000 jobs, but there are 10001; split the pipeline."),
                Readings.sentences(PlanReader.read(file)));
    }

    @Test
    void readsFiveHundredJobsInAChainAndRefusesLongerOnes() {
        assertEquals(100, Readings.plan(PlanReader.read(chain(100))).jobs().size());
        assertEquals(
                List.of("503:3 Expected at most 500 jobs one after the other, but `j500` comes after more; join some of"
                        + " them."),
                Readings.sentences(PlanReader.read(chain(501))));
        assertEquals(1, Readings.problems(PlanReader.read(chain(1000))).size());
        assertEquals(
                List.of("3:3 Expected at most 1000 jobs, but there are 5000; split the pipeline."),
                Readings.sentences(PlanReader.read(chain(5000))));
    }

    @Test
    void namesOnlyTheFirstJobsOfALongCycle() {
        String file = chain(1000).replace("  j0: {", "  j0: {needs: j999, ");

        assertEquals(
                List.of("3:15 Expected jobs that can be put in order, but these need each other: j0 → j999 → "
                        + "j998 → j997 →"
                        + " j996 → j995 → j994 → j993 → j992 → j991 → … → j0; remove one of the needs."),
                Readings.sentences(PlanReader.read(file)));
    }

    @Test
    void readsAHundredNeedsAndRefusesMore() {
        IntFunction<String> file = needs -> "name: shop\njobs:\n"
                + repeat(needs, i -> "  j" + i + ": {steps: [make]}\n")
                + "  last: {needs: [" + repeat(needs, i -> "j" + i + ",") + "], steps: [make]}\n";

        assertEquals(
                100,
                Readings.plan(PlanReader.read(file.apply(100)))
                        .jobs()
                        .get(100)
                        .needs()
                        .size());
        assertEquals(
                List.of("104:17 Expected at most 100 entries in `needs`, but there are 101; remove some."),
                Readings.sentences(PlanReader.read(file.apply(101))));
    }

    @Test
    void readsTwoHundredStepsAndRefusesMore() {
        IntFunction<String> file = steps -> "name: shop\njobs: {build: {steps: [" + repeat(steps, i -> "make,") + "]}}";

        assertEquals(
                200,
                Readings.plan(PlanReader.read(file.apply(200)))
                        .jobs()
                        .get(0)
                        .steps()
                        .size());
        assertEquals(
                List.of("2:23 Expected at most 200 entries in `steps`, but there are 201; remove some."),
                Readings.sentences(PlanReader.read(file.apply(201))));
    }

    @Test
    void readsTwoHundredVariablesAndRefusesMore() {
        IntFunction<String> file = variables ->
                "name: shop\njobs: {build: {steps: [make]}}\nenv: {" + repeat(variables, i -> "V" + i + ": x, ") + "}";

        assertEquals(200, Readings.plan(PlanReader.read(file.apply(200))).env().size());
        assertEquals(
                List.of("3:6 Expected at most 200 variables in `env`, but there are 201; remove some."),
                Readings.sentences(PlanReader.read(file.apply(201))));
    }

    @Test
    void readsLongTextsUpToTheirLimits() {
        String file = "name: shop\nenv: {A: %s}\non: {push: {branches: %s}}\njobs: {build: {steps: [%s]}}\n";

        Readings.plan(PlanReader.read(file.formatted("x".repeat(32768), "x".repeat(255), "x".repeat(65536))));
        assertEquals(
                List.of(
                        "2:10 Expected variable `A` with at most 32768 characters, but it has 32769; shorten" + " it.",
                        "3:23 Expected `branches` with at most 255 characters, but it has 256; shorten it.",
                        "4:24 Expected an entry of `steps` with at most 65536 characters, but it has 65537; "
                                + "shorten it."),
                Readings.sentences(
                        PlanReader.read(file.formatted("x".repeat(32769), "x".repeat(256), "x".repeat(65537)))));
    }

    @Test
    void refusesNamesOfTenThousandCharactersWithoutRepeatingThem() {
        String name = "x".repeat(10_000);

        assertEquals(
                List.of("1:7 Expected a pipeline's name of letters, digits, `.`, `_` and `-` that starts with a "
                        + "letter or"
                        + " digit (at most 63), but it is `" + "x".repeat(60) + "…`; rename it."),
                Readings.sentences(PlanReader.read("name: " + name + "\njobs: {build: {steps: [make]}}")));
    }

    @Test
    void refusesNestingByTheTenThousandsInAnyStyle() {
        String expected = "Expected at most 50 levels of nesting, but there are more; flatten the file.";

        assertEquals(expected, only(PlanReader.read("name: " + "[".repeat(5_000))));
        assertEquals(expected, only(PlanReader.read("{a: ".repeat(10_000))));
        assertEquals(expected, only(PlanReader.read("- ".repeat(10_000))));
        assertEquals(expected, only(PlanReader.read("? ".repeat(10_000))));
        assertEquals(expected, only(PlanReader.read("[{".repeat(10_000))));
    }

    @Test
    void keepsAHundredProblemsAndCountsTheOthers() {
        List<PlanProblem> problems = Readings.problems(PlanReader.read(repeat(20_000, i -> "k" + i + ": x\n")));

        assertEquals(101, problems.size());
        assertEquals(
                "Expected at most 100 problems, but there are 20002; mend these to see the others.",
                problems.get(100).sentence());
    }

    private static String only(PlanReading reading) {
        List<PlanProblem> problems = Readings.problems(reading);
        assertEquals(1, problems.size());
        return problems.get(0).sentence();
    }

    private static String chain(int jobs) {
        return "name: shop\njobs:\n  j0: {steps: [make]}\n"
                + repeat(jobs - 1, i -> "  j" + (i + 1) + ": {needs: j" + i + ", steps: [make]}\n");
    }

    private static String repeat(int times, IntFunction<String> text) {
        return IntStream.range(0, times).mapToObj(text).collect(Collectors.joining());
    }
}
