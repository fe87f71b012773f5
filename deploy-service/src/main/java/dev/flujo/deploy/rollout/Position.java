package dev.flujo.deploy.rollout;

import dev.flujo.deploy.StopSign;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Where a rollout is: what its journal says, and what people say to it there. */
final class Position {

    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    private final Journal journal;
    private final Consumer<String> told;
    private final StopSign stop;
    private volatile Progress progress;

    Position(Journal journal, Consumer<String> told, StopSign stop) throws IOException {
        this.journal = journal;
        this.told = told;
        this.stop = stop;
        Optional<Progress> earlier = journal.progress();
        this.progress = earlier.orElse(Progress.beginning(Instant.now()));
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
    Optional<Answer> answer(int stage, Answer answer) throws IOException {
        Progress now = progress;
        boolean open = now.back().isEmpty() && now.promoted().isEmpty() && now.stage() == stage;
        return open ? Optional.of(journal.answered(stage, answer)) : Optional.empty();
    }

    /** Whether a person has said that it goes on from this stage. */
    boolean goesOn() throws IOException {
        Optional<Answer> answer = journal.answer(progress.stage()).filter(Answer::goOn);
        answer.ifPresent(said -> tell(said.sentence()));
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

    static void pause() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(LOOK_EVERY.toMillis());
    }
}
