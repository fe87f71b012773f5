package dev.flujo.deploy.rollout;

import dev.flujo.deploy.NotApplied;
import dev.flujo.deploy.Target;
import dev.flujo.deploy.Target.Serving;
import dev.flujo.deploy.Target.Share;
import dev.flujo.deploy.Target.Version;
import dev.flujo.event.plan.Deploy;
import dev.flujo.kit.process.Failpoint;
import java.io.IOException;
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
    private final List<Stage> stages;
    private final Supply supply;
    private final Ground ground;
    private final Target target;
    private final Failpoint failpoint;
    private final StageWatch watch;
    private volatile Optional<String> preview = Optional.empty();

    /** What every walk needs. */
    record Ground(Target target, Analyst analyst, Failpoint failpoint, Pace pace) {}

    /** What the new version needs before its replicas start. */
    interface Supply {
        void give(Version version) throws IOException;
    }

    Walk(Position position, Sides sides, Optional<Gate> gate, List<Stage> stages, Supply supply, Ground ground) {
        this.position = position;
        this.sides = sides;
        this.gate = gate;
        this.stages = gate.isPresent() ? behindGate(stages) : List.copyOf(stages);
        this.supply = supply;
        this.ground = ground;
        this.target = ground.target();
        this.failpoint = ground.failpoint();
        this.watch = new StageWatch(position, sides, target, ground.analyst());
    }

    /** The stages that a version goes through as its own settings say. */
    static List<Stage> stages(Sides sides, Target target) {
        return Stages.of(
                Sides.settings(sides.fresh()),
                sides.old().map(old -> Sides.settings(old).replicas()),
                target.rolls(sides.fresh()));
    }

    /** Returns what serves when the new version does, or throws when the old one serves again. */
    Serving walk() throws NotApplied, IOException, InterruptedException {
        failpoint.pass("deploy.before-apply");
        while (progress().back().isEmpty() && progress().stage() < stages.size()) {
            Optional<Trouble> trouble = pass(stages.get(progress().stage()));
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
            new WayBack(sides, ground).go();
            position.end();
            throw givenUp(progress().back().get());
        }
        return promote();
    }

    Version fresh() {
        return sides.fresh();
    }

    Ongoing ongoing() {
        Progress now = progress();
        int stage = Math.min(now.stage(), stages.size() - 1);
        int inForce = now.entered().isPresent() || stage == 0 ? stage : stage - 1;
        return new Ongoing(
                sides.fresh().deployment(),
                sides.before(),
                stage + 1,
                stages.size(),
                stages.get(inForce).percent(),
                now.since(),
                now.question(),
                preview);
    }

    /** Keeps what a person says to a stage, counted from 1, if that is the one in which the rollout is. */
    Optional<Answer> answer(int stage, Answer answer) throws IOException {
        return stage > stages.size() ? Optional.empty() : position.answer(stage - 1, answer);
    }

    static NotApplied givenUp(Progress.GoneBack back) {
        return new NotApplied(back.reason(), back.at());
    }

    private Optional<Trouble> pass(Stage stage) throws IOException, InterruptedException {
        if (progress().stage() == 0 && gate.isPresent()) {
            return atGate(gate.get());
        }
        String point = "deploy.stage-" + progress().stage();
        if (progress().stage() == (gate.isPresent() ? 1 : 0)
                && progress().entered().isEmpty()) {
            begins(stage);
        }
        supply.give(sides.fresh());
        target.scale(sides.fresh(), stage.fresh().replicas());
        failpoint.pass("deploy.mid-rollout");
        failpoint.pass(point + ".scaled");
        Optional<Trouble> trouble = watch.awaitReady();
        if (trouble.isPresent()) {
            return decided(trouble.get());
        }
        if (stages.size() > 1) {
            preview = Optional.of(target.preview(sides.fresh()));
        }
        target.route(sides.environment(), shares(stage));
        failpoint.pass(point + ".routed");
        if (progress().entered().isEmpty()) {
            entered(stage);
            position.note(progress().enters(position.now(), watch.counted()));
        }
        trouble = watch.watch(stage);
        failpoint.pass(point + ".watched");
        if (trouble.isPresent()) {
            trouble = decided(trouble.get());
        }
        if (trouble.isEmpty() && sides.old().isPresent()) {
            target.scale(sides.old().get(), stage.old().replicas());
        }
        return trouble;
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

    private static List<Stage> behindGate(List<Stage> stages) {
        List<Stage> all = new ArrayList<>(stages);
        all.add(0, new Stage(new Stage.Side(0, 0), new Stage.Side(0, 0), Stage.Watch.NOTHING));
        return List.copyOf(all);
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
        return sides.old().isPresent()
                && stages.subList(0, Math.min(stages.size(), entered)).stream()
                        .anyMatch(stage -> stage.fresh().share() > 0);
    }

    private Serving promote() throws IOException {
        if (progress().promoted().isEmpty()) {
            position.note(progress().promotes(position.now()));
        }
        Serving serving = target.promote(sides.fresh(), progress().promoted().orElseThrow(), sides.before());
        failpoint.pass("deploy.after-apply-before-record");
        position.tell("took over at " + serving.address());
        return serving;
    }

    private List<Share> shares(Stage stage) {
        List<Share> shares = new ArrayList<>();
        shares.add(new Share(sides.fresh().deployment(), stage.fresh().share()));
        sides.old()
                .ifPresent(old ->
                        shares.add(new Share(old.deployment(), stage.old().share())));
        return shares.stream().filter(share -> share.weight() > 0).toList();
    }

    private void begins(Stage stage) {
        Deploy deploy = sides.fresh().work().job().deploy().orElseThrow();
        if (deploy.kubernetes().isPresent()) {
            position.tell("applies its manifests");
            return;
        }
        int replicas = stage.fresh().replicas();
        position.tell("starts '" + deploy.start() + "'" + (replicas == 1 ? "" : ", " + replicas + " replicas"));
    }

    private void entered(Stage stage) {
        if (stages.size() == 1) {
            position.tell("is healthy");
            return;
        }
        position.tell("stage " + (progress().stage() + 1) + " of " + stages.size() + ": "
                + stage.fresh().replicas() + " healthy, " + stage.percent() + " % of the traffic");
        if (stage.fresh().share() == 0) {
            preview.ifPresent(address -> position.tell("can be looked at before it takes over: " + address));
        }
    }

    private Progress progress() {
        return position.progress();
    }
}
