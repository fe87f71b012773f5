package dev.flujo.deploy.rollout;

import dev.flujo.deploy.StopSign;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/** Where a rollout is: what its journal says, and what people say to it there. */
final class Position {

    private final Journal journal;
    private final Consumer<String> told;
    private final StopSign stop;
    private final Pace pace;
    private final Semaphore said = new Semaphore(0);
    private volatile Progress progress;

    Position(Journal journal, Consumer<String> told, StopSign stop, Pace pace) throws IOException {
        this.journal = journal;
        this.told = told;
        this.stop = stop;
        this.pace = pace;
        Optional<Progress> earlier = journal.progress();
        this.progress = earlier.orElse(Progress.beginning(pace.now()));
        if (earlier.isEmpty()) {
            journal.progress(progress);
        }
    }

    Progress progress() {
        return progress;
    }

    void note(Progress next) throws IOException {
        journal.progress(next);
        progress = next;
    }

    /** Goes on to the next stage, unless somebody wants it to end; whoever says so later means the next stage. */
    synchronized Optional<Trouble> pass() throws IOException {
        Optional<Trouble> wanted = stopped();
        if (wanted.isEmpty()) {
            note(progress.passes(now()));
        }
        return wanted;
    }

    void tell(String line) {
        told.accept(line);
    }

    void ask(String question) throws IOException {
        if (progress.question().isEmpty()) {
            note(progress.asks(question));
            tell("asks: " + question);
        }
    }

    /** Keeps what a person says to the stage in which the rollout is; empty where that is another one by now. */
    synchronized Optional<Answer> answer(int stage, Answer answer) throws IOException {
        Progress now = progress;
        boolean open = now.back().isEmpty() && now.promoted().isEmpty() && now.stage() == stage;
        if (!open) {
            return Optional.empty();
        }
        Answer first = journal.answered(stage, answer);
        said.release();
        return Optional.of(first);
    }

    /** Whether a person has said that it goes on from this stage. */
    boolean goesOn() throws IOException {
        Optional<Answer> answer = journal.answer(progress.stage()).filter(Answer::goOn);
        answer.ifPresent(promoted -> tell(promoted.sentence()));
        return answer.isPresent();
    }

    /** Whether somebody wants it to end. */
    Optional<Trouble> stopped() throws IOException {
        Optional<String> reason = stop.reason();
        if (reason.isPresent()) {
            return reason.map(why -> new Trouble("it was stopped before it took over: " + why, true));
        }
        return journal.answer(progress.stage())
                .filter(answer -> !answer.goOn())
                .map(answer -> new Trouble(answer.sentence(), true));
    }

    /** Notes that it has come back, and nothing is left to do. */
    void end() throws IOException {
        journal.end();
    }

    Instant now() {
        return pace.now();
    }

    /** Waits a moment before the next look, or until somebody has said something. */
    void pause() throws InterruptedException {
        pace.pause(said);
    }
}
