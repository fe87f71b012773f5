package dev.flujo.deploy.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.deploy.Environment;
import dev.flujo.deploy.Works;
import dev.flujo.event.Work;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StaysTest {

    private static final String PROJECT = "shop";
    private static final Optional<Duration> NO_TTL = Optional.empty();
    private static final Optional<Duration> HOUR = Optional.of(Duration.ofHours(1));

    @TempDir
    Path directory;

    private Instant now = Instant.parse("2026-03-01T00:00:00Z");
    private long nanos;

    @Test
    void anEnvironmentWithATimeToLiveIsOverSoLongAfterItsLastDeployment() throws IOException {
        Stays stays = stays();
        UUID first = deployed(stays, "pr-5", work("pr-5", HOUR, Optional.empty()));
        passes(Duration.ofMinutes(50));
        UUID second = deployed(stays, "pr-5", work("pr-5", HOUR, Optional.empty()));
        passes(Duration.ofMinutes(59));

        assertEquals(List.of(), stays.due());
        assertEquals(Optional.of(now.plusSeconds(60)), stays.until(environment("pr-5")));
        passes(Duration.ofMinutes(1));

        assertEquals(
                List.of(TakeDown.of(environment("pr-5"), second, "flujo", "its time to live of 1h is over")),
                stays.due());
        assertEquals(stays.due(), stays().due(), "the next life knows it, too");
        assertTrue(!first.equals(second));
    }

    @Test
    void aTimeThatTheClockSkipsDoesNotCount() throws IOException {
        Stays stays = stays();
        deployed(stays, "pr-5", work("pr-5", HOUR, Optional.empty()));
        now = now.plus(Duration.ofDays(3));

        assertEquals(List.of(), stays.due());
        assertEquals(Optional.of(now.plusSeconds(3600)), stays.until(environment("pr-5")));
    }

    @Test
    void whatTheNewestDeploymentSaysHolds() throws IOException {
        Stays stays = stays();
        deployed(stays, "staging", work("staging", HOUR, Optional.empty()));
        deployed(stays, "staging", work("staging", NO_TTL, Optional.empty()));
        passes(Duration.ofDays(40));

        assertEquals(List.of(), stays.due());
        assertEquals(Optional.empty(), stays.until(environment("staging")));
    }

    @Test
    void anEnvironmentEndsWithItsPullRequestUnlessThatIsOpenAgain() throws IOException {
        Stays stays = stays();
        UUID deployment = deployed(stays, "pr-5", work("pr-5", NO_TTL, Optional.of(5L)));
        deployed(stays, "pr-6", work("pr-6", NO_TTL, Optional.of(6L)));
        stays.requestClosed("other", 5, "ben");
        assertEquals(List.of(), stays.due());

        stays.requestClosed(PROJECT, 5, "ben");

        assertEquals(
                List.of(TakeDown.of(environment("pr-5"), deployment, "ben", "pull request 5 was closed")), stays.due());
        stays.requestOpen(PROJECT, 5);
        assertEquals(List.of(), stays.due());
    }

    @Test
    void anEnvironmentThatOthersDeployToIsNoPullRequests() throws IOException {
        Stays stays = stays();
        deployed(stays, "pr-5", work("pr-5", NO_TTL, Optional.of(5L)));
        deployed(stays, "pr-5", work("pr-5", NO_TTL, Optional.empty()));
        deployed(stays, "pr-5", work("pr-5", NO_TTL, Optional.of(5L)));
        stays.refusal(environment("old"), UUID.randomUUID(), work("old", NO_TTL, Optional.of(5L)), false);

        stays.requestClosed(PROJECT, 5, "ben");

        assertEquals(List.of(), stays.due());
    }

    @Test
    void nothingIsDeployedForAPullRequestThatIsClosed() throws IOException {
        Stays stays = stays();
        stays.requestClosed(PROJECT, 5, "ben");

        Optional<String> refusal = refusal(stays, "pr-5", work("pr-5", NO_TTL, Optional.of(5L)));

        assertEquals(
                "Expected an open pull request, but 5 is closed; reopen it to have its environment again",
                refusal.orElseThrow());
        stays.requestOpen(PROJECT, 5);
        deployed(stays, "pr-5", work("pr-5", NO_TTL, Optional.of(5L)));
    }

    @Test
    void aProjectHasOnlySoManyThatEndByThemselves() throws IOException {
        Stays stays = stays();
        deployed(stays, "pr-1", work("pr-1", NO_TTL, Optional.of(1L)));
        deployed(stays, "pr-2", work("pr-2", HOUR, Optional.empty()));

        String refusal =
                refusal(stays, "pr-3", work("pr-3", HOUR, Optional.of(3L))).orElseThrow();

        assertEquals(
                "Expected at most 2 environments of project shop that end by themselves, but there are pr-1, pr-2;"
                        + " close a pull request, wait for the end of one, or take one down:"
                        + " DELETE /api/v1/environments/shop/pr-1",
                refusal);
        deployed(stays, "pr-2", work("pr-2", HOUR, Optional.empty()));
        deployed(stays, "production", work("production", NO_TTL, Optional.empty()));
        stays.forget(environment("pr-1"));
        deployed(stays, "pr-3", work("pr-3", HOUR, Optional.of(3L)));
    }

    private UUID deployed(Stays stays, String name, Work work) throws IOException {
        UUID deployment = UUID.randomUUID();
        boolean fresh = stays.last(environment(name)).isEmpty();
        assertEquals(Optional.empty(), stays.refusal(environment(name), deployment, work, fresh));
        stays.ended(environment(name), deployment);
        return deployment;
    }

    private static Optional<String> refusal(Stays stays, String name, Work work) throws IOException {
        return stays.refusal(environment(name), UUID.randomUUID(), work, true);
    }

    private Work work(String environment, Optional<Duration> ttl, Optional<Long> request) {
        return new Works(PROJECT, directory).toOneWithAnEnd(environment, "c1", ttl, request);
    }

    private static Environment environment(String name) {
        return new Environment(PROJECT, name);
    }

    private void passes(Duration time) {
        now = now.plus(time);
        nanos += time.toNanos();
    }

    private Stays stays() throws IOException {
        return new Stays(directory, 2, new SteadyClock(directory, () -> now.toEpochMilli(), () -> nanos));
    }
}
