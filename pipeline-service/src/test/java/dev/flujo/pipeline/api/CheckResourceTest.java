package dev.flujo.pipeline.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.flujo.event.Cause;
import dev.flujo.pipeline.api.CheckView.Conclusion;
import dev.flujo.pipeline.store.RunRow;
import dev.flujo.pipeline.store.RunState;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CheckResourceTest {

    @Test
    void countsTheNewestRunOfAPipeline() {
        assertEquals(List.of(RunState.SUCCEEDED), states(RunState.SUCCEEDED, RunState.FAILED));
    }

    @Test
    void countsWhatHasRunRatherThanWhatAFilterSkippedLater() {
        assertEquals(List.of(RunState.FAILED), states(RunState.SKIPPED, RunState.FAILED, RunState.SKIPPED));
    }

    @Test
    void passesWhereAFilterSkipsThePipeline() {
        assertEquals(Optional.of(Conclusion.SUCCESS), together(RunState.SKIPPED));
    }

    @Test
    void isPendingWhileARunIsHeld() {
        assertEquals(Optional.of(Conclusion.PENDING), together(RunState.HELD));
    }

    @Test
    void failsWhereAFileIsWrong() {
        assertEquals(Optional.of(Conclusion.FAILURE), together(RunState.REFUSED));
    }

    @Test
    void saysNothingOfACommitThatNobodyKnows() {
        assertEquals(Optional.empty(), ChecksView.of("shop", "abc", List.of()).conclusion());
    }

    private static List<RunState> states(RunState... newestFirst) {
        return checks(newestFirst).stream().map(CheckView::state).toList();
    }

    private static Optional<Conclusion> together(RunState state) {
        return ChecksView.of("shop", "abc", checks(state)).conclusion();
    }

    private static List<CheckView> checks(RunState... newestFirst) {
        return CheckResource.newest(
                Arrays.stream(newestFirst).map(CheckResourceTest::row).toList());
    }

    private static RunRow row(RunState state) {
        return new RunRow(
                UUID.randomUUID(),
                "shop",
                "main",
                Optional.empty(),
                state,
                Optional.empty(),
                new Cause(Cause.Kind.PUSH, "ada", "delivery-1", Instant.EPOCH),
                Optional.empty(),
                RunRow.Times.NONE,
                1,
                UUID.randomUUID());
    }
}
