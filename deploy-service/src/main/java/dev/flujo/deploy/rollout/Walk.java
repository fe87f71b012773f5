package dev.flujo.deploy.rollout;

import dev.flujo.deploy.NotApplied;
import dev.flujo.deploy.Target;
import dev.flujo.deploy.Target.Serving;
import dev.flujo.deploy.Target.Share;
import dev.flujo.deploy.Target.Version;
import dev.flujo.event.plan.Deploy;
import dev.flujo.kit.process.Failpoint;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Leads a version through the stages of its rollout, or back. Whatever it does is noted before and may be done again after a
 * crash: the target leaves alone what is already so.
 */
final class Walk {

    private final Position position;
    private final Sides sides;
    private final Optional<Gate> gate;
    private final Legs legs;
    private final Supply supply;
    private final Ground ground;
    private final Target target;
    private final Failpoint failpoint;
    private volatile Optional<String> preview = Optional.empty();

    /** What every walk needs. */
    record Ground(Target target, Analyst analyst, JobAnswers jobs, Failpoint failpoint, Pace pace) {}

    /** What the new version needs before its replicas start. */
    interface Supply {
        void give(Version version) throws IOException;
    }

    Walk(Position position, Sides sides, Optional<Gate> gate, Legs legs, Supply supply, Ground ground) {
        this.position = position;
        this.sides = sides;
        this.gate = gate;
        this.legs = gate.isPresent() ? legs.behindGate() : legs;
        this.supply = supply;
        this.ground = ground;
        this.target = ground.target();
        this.failpoint = ground.failpoint();
    }

    /** Returns what serves when the new version does, or throws when the old one serves again. */
    Serving walk() throws NotApplied, IOException, InterruptedException {
        failpoint.pass("deploy.before-apply");
        while (progress().back().isEmpty() && progress().stage() < legs.size()) {
            Optional<Trouble> trouble = passOrGoBack(legs.get(progress().stage()));
            if (trouble.isEmpty()) {
                trouble = position.pass();
            }
            if (trouble.isPresent()) {
                position.note(progress().goesBack(trouble.get().reason(), position.now()));
                failpoint.pass("deploy.going-back");
            } else {
                failpoint.pass("deploy.stage-" + progress().stage() + ".passed");
            }
        }
        if (progress().back().isPresent()) {
            new WayBack(legs.touched(progress().stage()), ground).go();
            position.end();
            throw givenUp(progress().back().get());
        }
        return promote();
    }

    /** The new version wherever something of it may be. */
    List<Version> fresh() {
        return legs.touched(progress().stage()).stream().map(Sides::fresh).toList();
    }

    Ongoing ongoing() {
        Progress now = progress();
        int stage = Math.min(now.stage(), legs.size() - 1);
        boolean reached = now.entered().isPresent() || stage == 0;
        int before = legs.begins(stage) ? 0 : legs.get(stage - 1).stage().percent();
        return new Ongoing(
                sides.fresh().deployment(),
                sides.before(),
                stage + 1,
                legs.size(),
                legs.get(stage).wave(),
                legs.get(stage).sites(),
                reached ? legs.get(stage).stage().percent() : before,
                now.since(),
                now.question(),
                preview);
    }

    /** Keeps what a person says to a stage, counted from 1, if that is the one in which the rollout is. */
    Optional<Answer> answer(int stage, Answer answer) throws IOException {
        return stage > legs.size() ? Optional.empty() : position.answer(stage - 1, answer);
    }

    static NotApplied givenUp(Progress.GoneBack back) {
        return new NotApplied(back.reason(), back.at());
    }

    /** A site that is in trouble for too long does not leave the others halfway. */
    private Optional<Trouble> passOrGoBack(Leg leg) throws IOException, InterruptedException {
        try {
            return pass(leg);
        } catch (IOException e) {
            boolean others = legs.touched(progress().stage()).size() > 1;
            if (leg.wave().isPresent()
                    && others
                    && Sides.settings(sides.fresh()).automaticRollback()) {
                return Optional.of(new Trouble(leg.wave("the target is in trouble: " + e.getMessage()), false));
            }
            throw e;
        }
    }

    private Optional<Trouble> pass(Leg leg) throws IOException, InterruptedException {
        int number = progress().stage();
        if (number == 0 && gate.isPresent()) {
            return atGate(gate.get());
        }
        String point = "deploy.stage-" + number;
        if (legs.begins(number) && progress().entered().isEmpty()) {
            begins(leg);
        }
        Stage stage = leg.stage();
        for (Sides part : leg.parts()) {
            supply.give(part.fresh());
            target.scale(part.fresh(), stage.fresh().replicas());
            failpoint.pass("deploy.mid-rollout");
        }
        failpoint.pass(point + ".scaled");
        StageWatch watch = new StageWatch(position, legs, ground);
        Optional<Trouble> trouble = watch.awaitReady();
        if (trouble.isPresent()) {
            return decided(trouble.get());
        }
        route(leg);
        failpoint.pass(point + ".routed");
        if (progress().entered().isEmpty()) {
            entered(leg);
            position.note(progress().enters(position.now(), watch.counted()));
        }
        trouble = watch.watch();
        failpoint.pass(point + ".watched");
        if (trouble.isPresent()) {
            trouble = decided(trouble.get());
        }
        if (trouble.isEmpty()) {
            for (Sides part : leg.parts()) {
                if (part.old().isPresent()) {
                    target.scale(part.old().get(), stage.old().replicas());
                }
            }
        }
        return trouble;
    }

    private void route(Leg leg) throws IOException {
        for (Sides part : leg.parts()) {
            if (leg.beside()) {
                String address = target.preview(part.fresh());
                preview = part.equals(leg.parts().get(0)) ? Optional.of(address) : preview;
            }
            target.route(part.fresh(), shares(leg.stage(), part));
        }
    }

    /** Waits until the rules let it through, or a person does. */
    private Optional<Trouble> atGate(Gate rules) throws IOException, InterruptedException {
        while (true) {
            Optional<Trouble> said = position.stopped();
            if (said.isPresent() || position.goesOn()) {
                return said;
            }
            Optional<String> question = rules.rules().question(position.now());
            if (question.isEmpty()) {
                return Optional.empty();
            }
            position.ask(question.get() + "; promote it nevertheless, or abort it");
            position.pause();
        }
    }

    /** Whether it goes back after all: where a person is to decide that, a person is asked. */
    private Optional<Trouble> decided(Trouble trouble) throws IOException, InterruptedException {
        if (trouble.wanted() || Sides.settings(sides.fresh()).automaticRollback() || !hadTraffic()) {
            return Optional.of(trouble);
        }
        position.ask(trouble.reason() + "; promote it nevertheless, or abort it");
        while (true) {
            Optional<Trouble> said = position.stopped();
            if (said.isPresent() || position.goesOn()) {
                return said;
            }
            position.pause();
        }
    }

    private boolean hadTraffic() {
        int entered = progress().stage() + (progress().entered().isPresent() ? 1 : 0);
        return legs.all().stream()
                .limit(entered)
                .anyMatch(leg -> leg.replaces() && leg.stage().fresh().share() > 0);
    }

    private Serving promote() throws IOException {
        if (progress().promoted().isEmpty()) {
            position.note(progress().promotes(position.now()));
        }
        Serving serving = promote(sides, progress().promoted().orElseThrow(), target);
        failpoint.pass("deploy.after-apply-before-record");
        position.tell("took over at " + serving.address());
        return serving;
    }

    /** Notes in all of its sites that the new version serves; the first of them stands for all. */
    static Serving promote(Sides sides, Instant since, Target target) throws IOException {
        Optional<Serving> first = Optional.empty();
        for (Version version : Legs.each(sides.fresh(), target)) {
            Serving serving = target.promote(version, since, sides.before());
            first = first.or(() -> Optional.of(serving));
        }
        return first.orElseThrow();
    }

    private static List<Share> shares(Stage stage, Sides part) {
        List<Share> shares = new ArrayList<>();
        shares.add(new Share(part.fresh().deployment(), stage.fresh().share()));
        part.old()
                .ifPresent(old ->
                        shares.add(new Share(old.deployment(), stage.old().share())));
        return shares.stream().filter(share -> share.weight() > 0).toList();
    }

    private void begins(Leg leg) {
        Deploy deploy = sides.fresh().work().job().deploy().orElseThrow();
        if (deploy.kubernetes().isPresent()) {
            position.tell(leg.wave("applies its manifests") + leg.sitesTold());
            return;
        }
        int replicas = leg.stage().fresh().replicas();
        position.tell("starts '" + deploy.start() + "'" + (replicas == 1 ? "" : ", " + replicas + " replicas"));
    }

    private void entered(Leg leg) {
        if (legs.size() == 1) {
            position.tell(leg.wave("is healthy"));
            return;
        }
        Stage stage = leg.stage();
        position.tell("stage " + (progress().stage() + 1) + " of " + legs.size() + ": "
                + leg.wave(stage.fresh().replicas() + " healthy, " + stage.percent() + " % of the traffic")
                + leg.sitesTold());
        if (stage.fresh().share() == 0) {
            preview.ifPresent(address -> position.tell("can be looked at before it takes over: " + address));
        }
    }

    private Progress progress() {
        return position.progress();
    }
}
