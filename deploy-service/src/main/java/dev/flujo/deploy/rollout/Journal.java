package dev.flujo.deploy.rollout;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flujo.deploy.Environment;
import dev.flujo.deploy.Facts;
import dev.flujo.deploy.Target.Serving;
import dev.flujo.event.EventCodec;
import dev.flujo.event.Work;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/**
 * One rollout on disk: what it brings, how it began, how far it has come, what people said, and how it ended. Each is durable
 * before anything follows from it, so a service that died goes on where it was.
 */
record Journal(Facts facts) {

    private static final ObjectMapper JSON = new EventCodec().mapper();
    private static final String WORK = "work";
    private static final String ROLLBACK = "rollback";
    private static final String TAKE_DOWN = "take-down";
    private static final String TAKEN_DOWN = "taken-down";
    private static final String GATED = "gated";
    private static final String BEGUN = "begun";
    private static final String PROGRESS = "progress";
    private static final String SERVING = "serving";
    private static final String BACK = "back";

    static Journal of(Path root, Environment environment, UUID rollout) {
        return new Journal(new Facts(directory(root, environment).resolve(rollout.toString())));
    }

    static Path directory(Path root, Environment environment) {
        return root.resolve("rollouts").resolve(environment.project()).resolve(environment.name());
    }

    void work(Work work) throws IOException {
        facts.settled(WORK, written(work));
    }

    Optional<Work> work() throws IOException {
        return read(facts.fact(WORK), Work.class);
    }

    void rollBack(RollBack wish) throws IOException {
        facts.settled(ROLLBACK, written(wish));
    }

    /** What was wanted, if it is a rollback. */
    Optional<RollBack> rollBack() throws IOException {
        return read(facts.fact(ROLLBACK), RollBack.class);
    }

    Optional<Begun> begun() throws IOException {
        return read(facts.fact(BEGUN), Begun.class);
    }

    void begin(Begun begun) throws IOException {
        facts.settled(BEGUN, written(begun));
    }

    /** Whether it waits at a gate before anything begins, as is settled when it is asked first. */
    boolean gated(boolean now) throws IOException {
        return Boolean.parseBoolean(facts.settled(GATED, Boolean.toString(now)));
    }

    /** Whether it has come so far that this was asked. */
    boolean hasGate() throws IOException {
        return facts.fact(GATED).isPresent();
    }

    Optional<Progress> progress() throws IOException {
        return read(facts.fact(PROGRESS), Progress.class);
    }

    void progress(Progress progress) throws IOException {
        facts.replace(PROGRESS, written(progress));
    }

    Optional<Answer> answer(int stage) throws IOException {
        return read(facts.fact("answer-" + stage), Answer.class);
    }

    /** Keeps what was said first of the stage, and tells it. */
    Answer answered(int stage, Answer answer) throws IOException {
        return JSON.readValue(facts.settled("answer-" + stage, written(answer)), Answer.class);
    }

    /** Notes that it has come back, and nothing is left to do. */
    void end() throws IOException {
        facts.settled(BACK, "yes");
    }

    boolean isBack() throws IOException {
        return facts.fact(BACK).isPresent();
    }

    /** What the rollout has come to serve as, if it has come to its end so. */
    Optional<Serving> serving() throws IOException {
        return read(facts.fact(SERVING), Serving.class);
    }

    Serving serving(Serving serving) throws IOException {
        return JSON.readValue(facts.settled(SERVING, written(serving)), Serving.class);
    }

    void takeDown(TakeDown wish) throws IOException {
        facts.settled(TAKE_DOWN, written(wish));
    }

    /** What was wanted, if it takes the environment down. */
    Optional<TakeDown> takeDown() throws IOException {
        return read(facts.fact(TAKE_DOWN), TakeDown.class);
    }

    /** How the environment was taken down, if this has come to its end. */
    Optional<TakenDown> takenDown() throws IOException {
        return read(facts.fact(TAKEN_DOWN), TakenDown.class);
    }

    TakenDown takenDown(TakenDown taken) throws IOException {
        return JSON.readValue(facts.settled(TAKEN_DOWN, written(taken)), TakenDown.class);
    }

    private static String written(Object value) throws JsonProcessingException {
        return JSON.writeValueAsString(value);
    }

    private static <T> Optional<T> read(Optional<String> text, Class<T> type) throws IOException {
        return text.isEmpty() ? Optional.empty() : Optional.of(JSON.readValue(text.get(), type));
    }
}
