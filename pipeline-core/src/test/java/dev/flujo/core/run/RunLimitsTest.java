package dev.flujo.core.run;

import static dev.flujo.core.Plans.NOW;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.flujo.core.Decision;
import dev.flujo.core.Plans;
import dev.flujo.core.plan.PlanReader;
import dev.flujo.core.plan.PlanReading;
import dev.flujo.core.run.RunCommand.Limit;
import dev.flujo.event.Attempt;
import dev.flujo.event.Event;
import dev.flujo.event.JobEvent.JobFinished;
import dev.flujo.event.JobEvent.JobLost;
import dev.flujo.event.JobEvent.JobRetrying;
import dev.flujo.event.JobEvent.JobStarted;
import dev.flujo.event.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of runs whose times are over, and of attempts that are followed by others. */
class RunLimitsTest {

    private static final UUID ID = UUID.fromString("00000000-0000-5000-8000-000000000004");

    private Optional<Run> run = Optional.empty();
    private final List<Event> log = new ArrayList<>();

    @Test
    void givesUpAJobThatNoRunnerTakesInTime() {
        given("name: main\njobs: {a: {queue-timeout: 1m, steps: [make]}}\n");

        tell(new RunCommand.TimeOut(attempt(1), Limit.QUEUE));

        assertEquals(Optional.of(Outcome.ERRORED), run.orElseThrow().outcome());
        assertEquals(
                Optional.of("the job waited longer for a runner than its queue-timeout of 60 s"),
                last(JobFinished.class).reason());
    }

    @Test
    void leavesAJobAloneThatARunnerHasTakenInTime() {
        given("name: main\njobs: {a: {queue-timeout: 1m, steps: [make]}}\n");
        tell(new RunCommand.Report(new JobStarted("shop", attempt(1), "r1", NOW)));

        tell(new RunCommand.TimeOut(attempt(1), Limit.QUEUE));

        assertEquals(JobState.Phase.RUNNING, run.orElseThrow().job("a").phase());
    }

    @Test
    void cancelsARunThatTakesTooLong() {
        given("name: main\ntimeout: 10m\njobs: {a: {steps: [make]}, z: {always: true, steps: [make]}}\n");

        tell(new RunCommand.RunTimeOut());

        assertEquals(Optional.of(Outcome.CANCELLED), run.orElseThrow().outcome());
    }

    @Test
    void doublesThePauseBeforeEachAttempt() {
        given("name: main\njobs: {a: {retry: {max: 3, on: failure, backoff: 10s}, steps: [make]}}\n");
        List<Duration> pauses = new ArrayList<>();
        for (int number = 1; number <= 3; number++) {
            tell(new RunCommand.Report(failed(number, Optional.of("exit:1"))));
            pauses.add(Duration.between(NOW, last(JobRetrying.class).notBefore()));
            tell(new RunCommand.TimeOut(attempt(number), Limit.PAUSE));
        }

        assertEquals(List.of(Duration.ofSeconds(10), Duration.ofSeconds(20), Duration.ofSeconds(40)), pauses);
        tell(new RunCommand.Report(failed(4, Optional.of("exit:1"))));
        assertEquals(Optional.of(Outcome.FAILED), run.orElseThrow().outcome());
    }

    @ParameterizedTest
    @CsvSource({
        "disk-full, disk-full",
        "disk-full, failure",
        "resource-limit, resource-limit",
        "resource-limit, failure"
    })
    void aJobThatRanOutOfSomethingIsTriedAgainWhereThatIsSaidOrFailuresAre(String failure, String on) {
        given("name: main\njobs: {a: {retry: {max: 1, on: " + on + "}, steps: [make]}}\n");

        tell(new RunCommand.Report(failed(1, Optional.of(failure))));

        assertEquals(failure, last(JobRetrying.class).reason());
    }

    @Test
    void hearsTheEndOfAnAttemptTwiceBeforeTheNext() {
        given("name: main\njobs: {a: {retry: {max: 1, on: failure}, steps: [make]}}\n");
        tell(new RunCommand.Report(failed(1, Optional.of("exit:1"))));
        int events = log.size();

        tell(new RunCommand.Report(failed(1, Optional.of("exit:1"))));

        assertEquals(events, log.size());
    }

    @Test
    void triesAgainAfterARunnerIsLostAsOftenAsIsAsked() {
        given("name: main\njobs: {a: {retry: {max: 1, on: platform, backoff: 1m}, steps: [make]}}\n");
        started(1);
        tell(new RunCommand.Report(new JobLost("shop", attempt(1), "r1", "gone")));

        assertEquals(NOW.plusSeconds(60), last(JobRetrying.class).notBefore());
        tell(new RunCommand.TimeOut(attempt(1), Limit.PAUSE));
        started(2);
        tell(new RunCommand.Report(new JobLost("shop", attempt(2), "r1", "gone")));

        assertEquals(Optional.of(Outcome.ERRORED), run.orElseThrow().outcome());
        assertEquals(
                Optional.of("gone; gave up after 2 attempts"),
                last(JobFinished.class).reason());
    }

    @Test
    void triesNothingAgainInARunThatIsBeingCancelled() {
        given("name: main\njobs: {a: {retry: {max: 1, on: failure}, steps: [make]}}\n");
        started(1);
        tell(new RunCommand.Cancel("ana", "enough"));

        tell(new RunCommand.Report(failed(1, Optional.of("exit:1"))));

        assertEquals(Optional.of(Outcome.FAILED), run.orElseThrow().outcome());
    }

    @Test
    void skipsAJobWhoseNextAttemptWaitsWhenTheRunIsCancelled() {
        given("name: main\njobs: {a: {retry: {max: 1, on: failure}, steps: [make]}}\n");
        tell(new RunCommand.Report(failed(1, Optional.of("exit:1"))));

        tell(new RunCommand.Cancel("ana", "enough"));

        assertEquals(Optional.of(Outcome.CANCELLED), run.orElseThrow().outcome());
        tell(new RunCommand.TimeOut(attempt(1), Limit.PAUSE));
    }

    private void given(String source) {
        PlanReading.Readable reading = assertInstanceOf(PlanReading.Readable.class, PlanReader.read(source));
        tell(new RunCommand.Begin(Plans.queued(ID, reading.plan())));
    }

    private void started(int number) {
        tell(new RunCommand.Report(new JobStarted("shop", attempt(number), "r1", NOW)));
    }

    private void tell(RunCommand command) {
        tell(command, NOW);
    }

    private void tell(RunCommand command, Instant now) {
        Decision.Accepted accepted =
                assertInstanceOf(Decision.Accepted.class, Run.decide(run, command, now), command::toString);
        for (Event event : accepted.events()) {
            run = Optional.of(Run.evolve(run, event));
            log.add(event);
        }
    }

    private <E extends Event> E last(Class<E> type) {
        return log.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    private static JobFinished failed(int number, Optional<String> failure) {
        return new JobFinished(
                "shop",
                attempt(number),
                "r1",
                Outcome.FAILED,
                Optional.empty(),
                Optional.empty(),
                0,
                NOW,
                failure,
                Optional.empty());
    }

    private static Attempt attempt(int number) {
        return new Attempt(ID, "a", number);
    }
}
