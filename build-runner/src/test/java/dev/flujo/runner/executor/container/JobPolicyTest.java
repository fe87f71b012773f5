package dev.flujo.runner.executor.container;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.Work;
import dev.flujo.event.plan.Placement;
import dev.flujo.event.plan.Service;
import dev.flujo.event.plan.Step;
import dev.flujo.runner.Works;
import dev.flujo.runner.executor.RefusedException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobPolicyTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "debian",
                "eclipse-temurin:21",
                "registry.example.com:5000/team/app:1.0",
                "debian@sha256:0123456789012345678901234567890123456789012345678901234567890123"
            })
    void letsNamesOfImagesThrough(String image) {
        assertDoesNotThrow(() -> JobPolicy.check(Works.in(image, "true")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-v",
                "-v /:/h alpine",
                "--privileged",
                "/etc",
                "../x",
                "a b",
                "a\nb",
                "A",
                "a@sha256:0",
                "${{ x }}"
            })
    void refusesWhatIsNoNameOfAnImage(String image) {
        refused(Works.in(image, "true"), "name of a container image");
        refused(beside(new Service(image, Map.of(), Optional.empty(), Optional.empty())), "name of a container image");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "LD_PRELOAD",
                "LD_LIBRARY_PATH",
                "PATH",
                "BASH_ENV",
                "GIT_SSH_COMMAND",
                "DOCKER_HOST",
                "JAVA_TOOL_OPTIONS",
                "a-b",
                "a;b",
                ""
            })
    void refusesVariablesThatChangeHowProgramsStart(String name) {
        refused(step(Map.of(name, "x")), "changes how programs start");
        refused(
                beside(new Service("debian", Map.of(name, "x"), Optional.empty(), Optional.empty())),
                "service 'db' sets '" + name + "'");
    }

    @Test
    void refusesAVariableThatNoProgramCanBeGiven() {
        refused(step(Map.of("A", "x\0y")), "NUL");
    }

    private static void refused(Work work, String because) {
        RefusedException refused = assertThrows(RefusedException.class, () -> JobPolicy.check(work));

        assertTrue(refused.getMessage().contains(because), refused.getMessage());
    }

    private static Work step(Map<String, String> variables) {
        return Works.of(List.of(new Step("step", "true", variables)));
    }

    private static Work beside(Service service) {
        return Works.of(
                List.of(new Step("step", "true", Map.of())),
                new Placement(
                        Optional.empty(),
                        List.of(),
                        0,
                        Optional.empty(),
                        Optional.empty(),
                        Map.of("db", service),
                        Optional.empty()));
    }
}
