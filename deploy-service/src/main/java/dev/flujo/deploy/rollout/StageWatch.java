package dev.flujo.deploy.rollout;

import dev.flujo.deploy.Target;
import dev.flujo.deploy.Target.Condition;
import dev.flujo.deploy.Target.Requests;
import dev.flujo.event.plan.Deploy.Analysis;
import dev.flujo.event.plan.HealthCheck;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/** Watches the new version in one stage: its health, its analyses, and what people say. */
final class StageWatch {

    private final Position position;
    private final Sides sides;
    private final Target target;
    private final Analyst analyst;
    private Optional<String> told = Optional.empty();

    StageWatch(Position position, Sides sides, Target target, Analyst analyst) {
        this.position = position;
        this.sides = sides;
        this.target = target;
        this.analyst = analyst;
    }

    /** Waits until all replicas that are wanted may serve. */
    Optional<Trouble> awaitReady() throws IOException, InterruptedException {
        HealthCheck health = sides.fresh().work().job().deploy().orElseThrow().health();
        Instant end = position.progress().since().plus(health.timeout());
        while (true) {
            Condition condition = target.condition(sides.fresh());
            Optional<Trouble> said = position.stopped();
            if (said.isPresent()) {
                return said;
            }
            if (condition.allReady()) {
                return Optional.empty();
            }
            if (condition.broken().isPresent()) {
                return condition.broken().map(reason -> new Trouble(reason, false));
            }
            tell(condition.trouble());
            if (position.now().isAfter(end)) {
                return Optional.of(new Trouble(
                        "the health check " + health.path() + " did not pass within "
                                + health.timeout().toSeconds() + " s; last words of the command: "
                                + condition.lastWords(),
                        false));
            }
            position.pause();
        }
    }

    /** Says at once what may still become better, and again only when it is something else. */
    private void tell(Optional<String> trouble) {
        if (trouble.isPresent() && !trouble.equals(told)) {
            position.tell("waits: " + trouble.get());
        }
        told = trouble;
    }

    /** What the target has counted of both versions so far. */
    Answered counted() throws IOException {
        return Answered.from(
                analyst.counted(sides.fresh()),
                sides.old().isPresent() ? analyst.counted(sides.old().get()) : new Requests(0, 0));
    }

    /** Watches for as long as the stage says, and until nobody needs to be asked any more. */
    Optional<Trouble> watch(Stage stage) throws IOException, InterruptedException {
        if (stage.watch().equals(Stage.Watch.NOTHING)) {
            return position.stopped();
        }
        Watching watching = new Watching(stage.watch().analyses());
        Instant end =
                position.progress().entered().orElseThrow().plus(stage.watch().pause());
        while (true) {
            Optional<Trouble> said = position.stopped();
            if (said.isPresent() || position.goesOn()) {
                return said;
            }
            analyse(watching);
            Optional<String> bad = watching.failed(position.progress().answered());
            if (bad.isEmpty()) {
                bad = target.condition(sides.fresh()).broken();
            }
            if (bad.isPresent()) {
                return bad.map(reason -> new Trouble(reason, false));
            }
            if (!position.now().isBefore(end) && settled(stage, watching)) {
                return Optional.empty();
            }
            position.pause();
        }
    }

    /** Whether nothing is left to wait for once its time is over; what nobody but a person can say is asked. */
    private boolean settled(Stage stage, Watching watching) throws IOException {
        Answered answered = position.progress().answered();
        Optional<String> unclear = watching.inconclusive(answered);
        Optional<String> question = unclear.isPresent() || !stage.watch().approval()
                ? unclear
                : Optional.of("the new version has " + stage.percent() + " % of the traffic");
        if (question.isPresent()) {
            position.ask(question.get() + "; promote it, or abort it");
            return false;
        }
        return position.progress().question().isEmpty() && watching.passed(answered);
    }

    private void analyse(Watching watching) throws IOException, InterruptedException {
        Instant entered = position.progress().entered().orElseThrow();
        for (Analysis analysis : watching.due(position.progress().answered(), entered, position.now())) {
            Answered before = position.progress().answered();
            Finding finding = analyst.ask(analysis, sides, before);
            boolean news = before.tally(analysis.name())
                    .filter(last -> last.last() == finding.verdict())
                    .isEmpty();
            if (news || finding.verdict() == Verdict.FAIL) {
                position.tell(finding.sentence(analysis.name()));
            }
            position.note(position.progress().hears(before.and(analysis.name(), finding, position.now())));
        }
    }
}
