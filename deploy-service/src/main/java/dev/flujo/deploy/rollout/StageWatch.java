package dev.flujo.deploy.rollout;

import dev.flujo.deploy.Target;
import dev.flujo.deploy.Target.Condition;
import dev.flujo.deploy.Target.Requests;
import dev.flujo.event.plan.Deploy.Analysis;
import dev.flujo.event.plan.HealthCheck;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Watches the new version in one stage, in each site of its wave: its health, its analyses, and what people say. */
final class StageWatch {

    private final Position position;
    private final Legs legs;
    private final Leg leg;
    private final List<Sides> touched;
    private final Target target;
    private final Analyst analyst;
    private final JobInterview jobs;
    private final Map<Sides, String> told = new HashMap<>();

    /** Of the stage in which the rollout is. */
    StageWatch(Position position, Legs legs, Walk.Ground ground) {
        this.position = position;
        this.legs = legs;
        this.leg = legs.get(position.progress().stage());
        this.touched = legs.touched(position.progress().stage());
        this.target = ground.target();
        this.analyst = ground.analyst();
        this.jobs = new JobInterview(position, target, ground.jobs());
    }

    /** Waits until all replicas that are wanted may serve, everywhere. */
    Optional<Trouble> awaitReady() throws IOException, InterruptedException {
        for (Sides part : leg.parts()) {
            Optional<Trouble> trouble = awaitReady(part);
            if (trouble.isPresent()) {
                return trouble;
            }
        }
        return Optional.empty();
    }

    private Optional<Trouble> awaitReady(Sides part) throws IOException, InterruptedException {
        HealthCheck health = part.fresh().work().job().deploy().orElseThrow().health();
        Instant end = position.progress().since().plus(health.timeout());
        while (true) {
            Condition condition = target.condition(part.fresh());
            Optional<Trouble> said = position.stopped();
            if (said.isPresent()) {
                return said;
            }
            if (condition.allReady()) {
                return Optional.empty();
            }
            Optional<Trouble> bad = condition.broken().isPresent()
                    ? condition.broken().map(reason -> new Trouble(legs.told(part) + reason, false))
                    : broken(touched.stream()
                            .filter(other -> !other.equals(part))
                            .toList());
            if (bad.isPresent()) {
                return bad;
            }
            tell(part, condition.trouble());
            if (position.now().isAfter(end)) {
                return Optional.of(new Trouble(
                        legs.told(part) + "the health check " + health.path() + " did not pass within "
                                + health.timeout().toSeconds() + " s; last words of the command: "
                                + condition.lastWords(),
                        false));
            }
            position.pause();
        }
    }

    /** Why it will not get better by waiting in one of these sites, if that is so. */
    private Optional<Trouble> broken(List<Sides> parts) throws IOException, InterruptedException {
        for (Sides part : parts) {
            Optional<String> reason = target.condition(part.fresh()).broken();
            if (reason.isPresent()) {
                return Optional.of(new Trouble(legs.told(part) + reason.get(), false));
            }
        }
        return Optional.empty();
    }

    /** Says at once what may still become better, and again only when it is something else. */
    private void tell(Sides part, Optional<String> trouble) {
        if (trouble.isEmpty()) {
            told.remove(part);
        } else if (!trouble.get().equals(told.put(part, trouble.get()))) {
            position.tell("waits: " + legs.told(part) + trouble.get());
        }
    }

    /** What the target has counted of both versions so far. */
    Answered counted() throws IOException {
        Sides part = leg.parts().get(0);
        return Answered.from(
                analyst.counted(part.fresh()),
                part.old().isPresent() ? analyst.counted(part.old().get()) : new Requests(0, 0));
    }

    /** Watches for as long as the stage says, and until nobody needs to be asked any more. */
    Optional<Trouble> watch() throws IOException, InterruptedException {
        Stage stage = leg.stage();
        if (stage.watch().equals(Stage.Watch.NOTHING)) {
            return position.stopped();
        }
        List<Asked> all = Asked.of(leg);
        Watching watching = new Watching(all.stream().map(Asked::analysis).toList());
        Instant end =
                position.progress().entered().orElseThrow().plus(stage.watch().pause());
        while (true) {
            Optional<Trouble> said = position.stopped();
            if (said.isPresent() || position.goesOn()) {
                return said;
            }
            analyse(watching, all);
            Optional<Trouble> bad =
                    watching.failed(position.progress().answered()).map(reason -> new Trouble(leg.wave(reason), false));
            if (bad.isEmpty()) {
                bad = broken(touched);
            }
            if (bad.isPresent()) {
                return bad;
            }
            if (!position.now().isBefore(end) && settled(watching)) {
                return Optional.empty();
            }
            position.pause();
        }
    }

    /** Whether nothing is left to wait for once its time is over; what nobody but a person can say is asked. */
    private boolean settled(Watching watching) throws IOException {
        Answered answered = position.progress().answered();
        Optional<String> unclear = watching.inconclusive(answered);
        Optional<String> question = unclear.isPresent() || !leg.stage().watch().approval()
                ? unclear
                : Optional.of("the new version has " + leg.stage().percent() + " % of the traffic");
        if (question.isPresent()) {
            position.ask(leg.wave(question.get()) + "; promote it, or abort it");
            return false;
        }
        return position.progress().question().isEmpty() && watching.passed(answered);
    }

    private void analyse(Watching watching, List<Asked> all) throws IOException, InterruptedException {
        Instant entered = position.progress().entered().orElseThrow();
        for (Analysis analysis : watching.due(position.progress().answered(), entered, position.now())) {
            Answered before = position.progress().answered();
            Asked asked = all.stream()
                    .filter(one -> one.analysis().equals(analysis))
                    .findFirst()
                    .orElseThrow();
            Optional<Finding> finding = analysis.job().isPresent()
                    ? jobs.ask(analysis, asked.part(), before)
                    : Optional.of(analyst.ask(analysis, asked.part(), before));
            if (finding.isPresent()) {
                found(analysis, finding.get(), before);
            }
        }
    }

    private void found(Analysis analysis, Finding finding, Answered before) throws IOException {
        boolean news = before.tally(analysis.name())
                .filter(last -> last.last() == finding.verdict())
                .isEmpty();
        if (news || finding.verdict() == Verdict.FAIL) {
            position.tell(finding.sentence(analysis.name()));
        }
        position.note(position.progress().hears(before.and(analysis.name(), finding, position.now())));
    }
}
