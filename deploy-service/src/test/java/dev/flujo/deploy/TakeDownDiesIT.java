package dev.flujo.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.DeployEvent.EnvironmentDeleted;
import dev.flujo.event.Work;
import dev.flujo.stack.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The service dies while it takes an environment down. */
@Execution(ExecutionMode.CONCURRENT)
class TakeDownDiesIT extends ServiceThatDies {

    private static final List<String> POINTS = List.of("takedown.removed", "takedown.forgotten");

    @Test
    void anEnvironmentWhoseServiceDiesWhileItsTimeIsOverIsTakenDownOnceAndToldOnce() throws IOException {
        Work work = works.toOneWithAnEnd("production", "c1", Optional.of(Duration.ofSeconds(1)), Optional.empty());
        for (String point : POINTS) {
            start(point);
            if (point.equals(POINTS.get(0))) {
                assign(work);
            }
            assertTrue(Await.until(PATIENCE, () -> !service.alive()), () -> "dies at " + point);
        }
        start("none");

        EnvironmentDeleted told = (EnvironmentDeleted) report(EnvironmentDeleted.class, work);

        assertEquals("its time to live of 1s is over", told.reason());
        assertEquals("flujo", told.by());
        assertTrue(told.serving().isPresent());
        assertTrue(
                Await.until(PATIENCE, () -> history().equals(List.of("c1 TAKEN_DOWN", "c1 SUCCEEDED"))),
                () -> history().toString());
        assertEquals(
                1, distinct(work).filter(EnvironmentDeleted.class::isInstance).count(), "one report, repeated");
        assertEquals(0, applications());
        assertEquals(1, Files.readAllLines(works.witness()).size(), "starts");
    }
}
