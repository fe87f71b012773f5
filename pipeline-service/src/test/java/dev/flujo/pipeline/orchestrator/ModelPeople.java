package dev.flujo.pipeline.orchestrator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.flujo.core.run.JobState.Phase;
import dev.flujo.core.run.Run;
import dev.flujo.event.CommandEvent;
import dev.flujo.event.CommandEvent.AnswerApproval;
import dev.flujo.event.CommandEvent.CancelRun;
import dev.flujo.event.CommandEvent.StartRun;
import dev.flujo.event.CommitEvent.CommitPushed;
import dev.flujo.event.DerivedId;
import dev.flujo.event.Event;
import dev.flujo.event.Topic;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Who asks the orchestrator for something, and asks again where the answer was lost. */
final class ModelPeople {

    private final ModelTopics topics;
    private final ModelHistory history;
    private final List<String> pipelines;
    private final List<Said> past = new ArrayList<>();
    private final Set<UUID> wanted = new HashSet<>();
    private int count;

    private record Said(Topic topic, String id, Event event) {}

    /** @param pipelines of project {@code shop}; all of them are started by a push, and by hand */
    ModelPeople(ModelTopics topics, ModelHistory history, List<String> pipelines) {
        this.topics = topics;
        this.history = history;
        this.pipelines = pipelines;
    }

    void act(Random random) {
        switch (random.nextInt(10)) {
            case 0, 1 -> {
                pipelines.forEach(pipeline -> wanted.add(DerivedId.run("shop", pipeline, "delivery-" + count)));
                push("shop");
            }
            case 2, 3, 4 -> start(pipelines.get(random.nextInt(pipelines.size())));
            case 5 -> cancel(random);
            case 6, 7 -> answer(random.nextInt(4) > 0);
            default -> again(random);
        }
    }

    /** Consents to whatever waits for it. */
    void consent() {
        answer(true);
    }

    /** Each request that was accepted has one run. */
    void assertServed() {
        Set<UUID> runs = history.runs().stream().map(Run::id).collect(Collectors.toSet());
        Set<UUID> missing = new HashSet<>(wanted);
        missing.removeAll(runs);
        assertEquals(Set.of(), missing, "asked for, and no run");
    }

    void push(String project) {
        String delivery = "delivery-" + count++;
        say(
                Topic.COMMITS,
                delivery,
                new CommitPushed(
                        project,
                        "main",
                        "abc" + count,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        "ana",
                        topics.now()));
    }

    private void start(String pipeline) {
        String request = "request-" + count++;
        UUID run = DerivedId.run("shop", pipeline, request);
        wanted.add(run);
        say(
                Topic.COMMANDS,
                request,
                new StartRun("shop", run, pipeline, "main", Optional.of("abc"), "ana", request, topics.now()));
    }

    private void cancel(Random random) {
        List<Run> runs = List.copyOf(history.runs());
        if (!runs.isEmpty() && random.nextBoolean()) {
            Run run = runs.get(random.nextInt(runs.size()));
            say(new CancelRun(run.project(), run.id(), "ana", "enough"));
        }
    }

    private void answer(boolean approved) {
        for (Run run : history.runs()) {
            run.jobs().forEach((job, state) -> {
                if (!run.ended() && state.phase() == Phase.APPROVING) {
                    say(new AnswerApproval(
                            run.project(), run.id(), job, approved, "bob", List.of("sre"), Optional.empty()));
                }
            });
        }
    }

    private void say(CommandEvent command) {
        say(Topic.COMMANDS, "command-" + count++, command);
    }

    private void say(Topic topic, String id, Event event) {
        Said said = new Said(topic, id, event);
        past.add(said);
        topics.say(topic, id, event);
    }

    /** The answer was lost, or a forge delivers again: the same is sent once more, a command by a request of its own. */
    private void again(Random random) {
        if (!past.isEmpty()) {
            Said said = past.get(random.nextInt(past.size()));
            topics.say(said.topic(), said.topic() == Topic.COMMITS ? said.id() : "command-" + count++, said.event());
        }
    }
}
