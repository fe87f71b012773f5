package dev.flujo.runner.executor.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.Attempt;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PodNameTest {

    private static final UUID RUN = UUID.fromString("0190a1b2-0000-7000-8000-000000000001");

    @Test
    void isTheSameForTheSameAttemptOnly() {
        String name = PodName.of(new Attempt(RUN, "build", 1));

        assertEquals(name, PodName.of(new Attempt(RUN, "build", 1)));
        assertNotEquals(name, PodName.of(new Attempt(RUN, "build", 2)));
        assertNotEquals(name, PodName.of(new Attempt(RUN, "Build", 1)));
        assertNotEquals(name, PodName.of(new Attempt(UUID.randomUUID(), "build", 1)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "build",
                "Build_all",
                "test (17, linux)",
                "-",
                "a-job-whose-name-is-longer-than-any-label-may-be-and-then-some"
            })
    void isALabelOfDns(String job) {
        String name = PodName.of(new Attempt(RUN, job, 12345));

        assertTrue(name.length() <= 63 && name.matches("[a-z0-9]([-a-z0-9]*[a-z0-9])?"), name);
    }

    @ParameterizedTest
    @CsvSource({"build,build", "'test (17, linux)','test--17--linux'", "runner-a.b-1,runner-a.b-1", "__,''"})
    void isTheValueOfALabel(String text, String label) {
        assertEquals(label, PodName.label(text));
    }
}
