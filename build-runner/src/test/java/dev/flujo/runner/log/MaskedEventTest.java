package dev.flujo.runner.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.flujo.event.Attempt;
import dev.flujo.event.Outcome;
import dev.flujo.event.ReportEvent.Component;
import dev.flujo.event.ReportEvent.ComponentsListed;
import dev.flujo.event.ReportEvent.ReportFile;
import dev.flujo.event.TestEvent.CaseFinished;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class MaskedEventTest {

    private static final SecretMask MASK = SecretMask.of(List.of("secret-canary"));
    private static final Attempt ATTEMPT = new Attempt(new UUID(0, 1), "build", 1);

    @Test
    void masksEveryTextOfAnEventAndNothingElse() {
        assertEquals(
                new CaseFinished(
                        "shop", ATTEMPT, "a *** b", "c", Outcome.FAILED, 12, Optional.of("expected ***Q== but was 1")),
                MaskedEvent.of(
                        new CaseFinished(
                                "shop",
                                ATTEMPT,
                                "a secret-canary b",
                                "c",
                                Outcome.FAILED,
                                12,
                                Optional.of("expected c2VjcmV0LWNhbmFyeQ== but was 1")),
                        MASK));
    }

    @Test
    void masksTextsInLists() {
        ReportFile file = new ReportFile("bom.json", 1, "0".repeat(64));

        assertEquals(listed(file, "***"), MaskedEvent.of(listed(file, "secret-canary"), MASK));
    }

    private static ComponentsListed listed(ReportFile file, String name) {
        return new ComponentsListed(
                "shop",
                ATTEMPT,
                file,
                "CycloneDX 1.6",
                1,
                List.of(new Component(name, Optional.empty(), Optional.empty())));
    }
}
