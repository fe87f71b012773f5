package dev.flujo.core.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.flujo.core.plan.expression.Evaluation;
import dev.flujo.event.plan.Job;
import dev.flujo.event.plan.Plan;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CellsTest {

    @Test
    void combinesAllAxesInTheirOrder() {
        assertEquals(
                List.of("test.17-linux", "test.17-mac", "test.21-linux", "test.21-mac"),
                ids("{jdk: [17, 21], os: [linux, mac]}"));
    }

    @Test
    void includesAsOthersDo() {
        Job job = job(
                """
                {fruit: [apple, pear], animal: [cat, dog], include: [
                  {color: green}, {color: pink, animal: cat}, {fruit: apple, shape: circle},
                  {fruit: banana}, {fruit: banana, animal: cat}]}
                """);

        assertEquals(
                List.of(
                        Map.of("fruit", "apple", "animal", "cat", "color", "pink", "shape", "circle"),
                        Map.of("fruit", "apple", "animal", "dog", "color", "green", "shape", "circle"),
                        Map.of("fruit", "pear", "animal", "cat", "color", "pink", "shape", ""),
                        Map.of("fruit", "pear", "animal", "dog", "color", "green", "shape", ""),
                        Map.of("fruit", "banana", "animal", "", "color", "", "shape", ""),
                        Map.of("fruit", "banana", "animal", "cat", "color", "", "shape", "")),
                Cells.of(job).stream().map(Cells.Named::values).toList());
    }

    @Test
    void excludesCellsThatAgreeWithAWholeEntry() {
        assertEquals(
                List.of("test.17-linux", "test.21-mac"),
                ids("{jdk: [17, 21], os: [linux, mac], exclude: [{jdk: 17, os: mac}, {jdk: 21, os: linux}]}"));
        assertEquals(List.of("test.21"), ids("{jdk: [17, 21], exclude: [{jdk: 17}]}"));
    }

    @Test
    void makesIdsOfValuesThatAreNone() {
        assertEquals(
                List.of("test.a-b", "test.a-b-2", "test.cell", "test." + "x".repeat(60)),
                ids("{path: [a/b, a b, \"%\", " + "x".repeat(100) + "]}"));
    }

    @Test
    void givesACellItsValuesAndWhatHoldsForAll() {
        Job job = job("{jdk: [17, 21], max-parallel: 1, fail-fast: false}");

        Job cell = Cells.job(job, Cells.of(job).get(1));

        assertEquals("test.21", cell.id());
        assertEquals(Map.of("jdk", "21"), cell.cell().orElseThrow().values());
        assertEquals(1, cell.cell().orElseThrow().maxParallel());
        assertEquals(Optional.empty(), cell.matrix());
    }

    @Test
    void computesAxesAndEntries() {
        Job job = job("{os: [linux], module: \"${{ json(event.message) }}\", include: \"${{ event.payload.more }}\"}");
        Evaluation evaluation = new Evaluation(Map.of(
                "event",
                Map.of(
                        "message",
                        "[\"api\", \"web\", 3]",
                        "payload",
                        Map.of("more", List.of(Map.of("module", "web", "extra", true))))));

        Job known = Cells.withMatrix(job, Cells.computed(job.matrix().orElseThrow(), evaluation));

        assertEquals(
                List.of("test.linux-api", "test.linux-web-true", "test.linux-3"),
                Cells.of(known).stream().map(Cells.Named::id).toList());
    }

    @Test
    void refusesComputedValuesThatAreNone() {
        Job job = job("{module: \"${{ event.payload.modules }}\"}");
        Map<Object, String> refusals = Map.of(
                "x",
                "Expected a list from `event.payload.modules`, but it is `x`",
                List.of(List.of(1L)),
                "Expected texts or numbers as values of the matrix, but there is `[1]`");

        refusals.forEach((value, message) -> {
            Evaluation evaluation = new Evaluation(Map.of("event", Map.of("payload", Map.of("modules", value))));
            assertEquals(
                    message,
                    assertThrows(
                                    Cells.Refused.class,
                                    () -> Cells.computed(job.matrix().orElseThrow(), evaluation))
                            .getMessage());
        });
    }

    private static List<String> ids(String matrix) {
        return Cells.of(job(matrix)).stream().map(Cells.Named::id).toList();
    }

    private static Job job(String matrix) {
        Plan plan = Readings.plan(PlanReader.read("name: shop\njobs:\n  test:\n    steps: [make]\n    matrix: "
                + matrix.strip().replace("\n", "\n      ") + "\n"));
        return plan.jobs().get(0);
    }
}
