package dev.flujo.deploy.rollout;

import dev.flujo.deploy.Environment;
import dev.flujo.deploy.Failpoint;
import dev.flujo.deploy.NotApplied;
import dev.flujo.deploy.StopSign;
import dev.flujo.deploy.Target;
import dev.flujo.deploy.Target.Condition;
import dev.flujo.deploy.Target.Serving;
import dev.flujo.deploy.Target.Share;
import dev.flujo.deploy.Target.Version;
import dev.flujo.event.plan.Deploy;
import dev.flujo.event.plan.HealthCheck;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Leads a version through the stages of its rollout, or back. Whatever it does is noted before and may be done again after a
 * crash: the target leaves alone what is already so.
 */
final class Walk {

    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    private final Journal journal;
    private final Sides sides;
    private final List<Stage> stages;
    private final Target target;
    private final Failpoint failpoint;
    private final Consumer<String> told;
    private final StopSign stop;
    private Progress progress;

    /** The versions between which the traffic moves. */
    record Sides(Version fresh, Optional<Version> old) {

        Environment environment() {
            return fresh.environment();
        }

        Optional<UUID> before() {
            return old.map(Version::deployment);
        }
    }

    /** Why a stage is not passed, and whether somebody wants just that. */
    private record Trouble(String reason, boolean wanted) {}

    Walk(Journal journal, Sides sides, Target target, Failpoint failpoint, Consumer<String> told, StopSign stop)
            throws IOException {
        this.journal = journal;
        this.sides = sides;
        this.target = target;
        this.failpoint = failpoint;
        this.told = told;
        this.stop = stop;
        this.stages = Stages.of(
                settings(sides.fresh()), sides.old().map(old -> settings(old).replicas()), target.rolls(sides.fresh()));
        Optional<Progress> earlier = journal.progress();
        this.progress = earlier.orElse(Progress.beginning(Instant.now()));
        if (earlier.isEmpty()) {
            journal.progress(progress);
        }
    }

    /** Returns what serves when the new version does, or throws when the old one serves again. */
    Serving walk() throws NotApplied, IOException, InterruptedException {
        failpoint.pass("deploy.before-apply");
        while (progress.back().isEmpty() && progress.stage() < stages.size()) {
            Stage stage = stages.get(progress.stage());
            Optional<Trouble> trouble = pass(stage);
            if (trouble.isPresent()) {
                note(progress.goesBack(trouble.get().reason(), Instant.now()));
                failpoint.pass("deploy.going-back");
            } else {
                note(progress.passes(Instant.now()));
                failpoint.pass("deploy.stage-" + progress.stage() + ".passed");
            }
        }
        if (progress.back().isPresent()) {
            goBack();
            throw givenUp(progress.back().get());
        }
        return promote();
    }

    static NotApplied givenUp(Progress.GoneBack back) {
        return new NotApplied(back.reason(), back.at());
    }

    private Optional<Trouble> pass(Stage stage) throws IOException, InterruptedException {
        String point = "deploy.stage-" + progress.stage();
        if (progress.entered().isEmpty()) {
            describe(stage);
        }
        target.scale(sides.fresh(), stage.fresh().replicas());
        failpoint.pass("deploy.mid-rollout");
        failpoint.pass(point + ".scaled");
        Optional<Trouble> trouble = awaitReady();
        if (trouble.isPresent()) {
            return asked(trouble.get());
        }
        target.route(sides.environment(), shares(stage));
        failpoint.pass(point + ".routed");
        if (progress.entered().isEmpty()) {
            entered(stage);
            note(progress.enters(Instant.now()));
        }
        trouble = watch(stage);
        failpoint.pass(point + ".watched");
        if (trouble.isPresent()) {
            return asked(trouble.get());
        }
        if (sides.old().isPresent()) {
            target.scale(sides.old().get(), stage.old().replicas());
        }
        return Optional.empty();
    }

    /** Whether it goes back after all: what a person is to decide, a person is asked. */
    private Optional<Trouble> asked(Trouble trouble) throws IOException, InterruptedException {
        boolean byItself = settings(sides.fresh()).automaticRollback() || !hadTraffic();
        if (trouble.wanted() || byItself) {
            return Optional.of(trouble);
        }
        ask(trouble.reason() + "; promote it nevertheless, or abort it");
        while (true) {
            Optional<Trouble> said = stopped();
            if (said.isPresent() || goesOn()) {
                return said;
            }
            pause();
        }
    }

    private boolean hadTraffic() {
        return sides.old().isPresent()
                && (progress.entered().isPresent() || progress.stage() > 0)
                && stages.subList(0, Math.min(stages.size(), progress.stage() + 1)).stream()
                        .anyMatch(stage -> stage.fresh().share() > 0);
    }

    private Optional<Trouble> awaitReady() throws IOException, InterruptedException {
        HealthCheck health = sides.fresh().work().job().deploy().orElseThrow().health();
        Instant end = progress.since().plus(health.timeout());
        while (true) {
            Condition condition = target.condition(sides.fresh());
            Optional<Trouble> said = stopped();
            if (said.isPresent()) {
                return said;
            }
            if (condition.allReady()) {
                return Optional.empty();
            }
            if (condition.broken().isPresent()) {
                return condition.broken().map(reason -> new Trouble(reason, false));
            }
            if (Instant.now().isAfter(end)) {
                return Optional.of(new Trouble(
                        "the health check " + health.path() + " did not pass within "
                                + health.timeout().toSeconds() + " s; last words of the command: "
                                + condition.lastWords(),
                        false));
            }
            pause();
        }
    }

    private Optional<Trouble> watch(Stage stage) throws IOException, InterruptedException {
        if (stage.watch().equals(Stage.Watch.NOTHING)) {
            return stopped();
        }
        Instant end = progress.entered().orElseThrow().plus(stage.watch().pause());
        while (true) {
            Optional<Trouble> said = stopped();
            if (said.isPresent() || goesOn()) {
                return said;
            }
            Optional<String> broken = target.condition(sides.fresh()).broken();
            if (broken.isPresent()) {
                return broken.map(reason -> new Trouble(reason, false));
            }
            if (!Instant.now().isBefore(end)) {
                if (!stage.watch().approval()) {
                    return Optional.empty();
                }
                ask("the new version has " + stage.percent() + " % of the traffic; promote it, or abort it");
            }
            pause();
        }
    }

    private boolean goesOn() throws IOException {
        Optional<Answer> answer = journal.answer(progress.stage());
        answer.filter(Answer::goOn).ifPresent(said -> told.accept(said.sentence()));
        return answer.filter(Answer::goOn).isPresent();
    }

    /** Whether somebody wants it to end. */
    private Optional<Trouble> stopped() throws IOException {
        Optional<String> reason = stop.reason();
        if (reason.isPresent()) {
            return reason.map(why -> new Trouble("it was stopped before it took over: " + why, true));
        }
        return journal.answer(progress.stage())
                .filter(answer -> !answer.goOn())
                .map(answer -> new Trouble(answer.sentence(), true));
    }

    private void goBack() throws IOException, InterruptedException {
        if (sides.old().isPresent()) {
            Version old = sides.old().get();
            target.scale(old, settings(old).replicas());
            awaitOld(old);
            target.route(sides.environment(), List.of(new Share(old.deployment(), 100)));
        } else {
            target.route(sides.environment(), List.of());
        }
        failpoint.pass("deploy.back-routed");
        target.scale(sides.fresh(), 0);
        journal.end();
    }

    /** The old version has to answer before it gets everything; if it does not in time, it still is the better one. */
    private void awaitOld(Version old) throws IOException, InterruptedException {
        Instant end = Instant.now()
                .plus(old.work().job().deploy().orElseThrow().health().timeout());
        while (!target.condition(old).allReady() && Instant.now().isBefore(end)) {
            pause();
        }
    }

    private Serving promote() throws IOException {
        if (progress.promoted().isEmpty()) {
            note(progress.promotes(Instant.now()));
        }
        Serving serving = target.promote(sides.fresh(), progress.promoted().orElseThrow(), sides.before());
        failpoint.pass("deploy.after-apply-before-record");
        told.accept("took over at " + serving.address());
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

    private void describe(Stage stage) {
        if (progress.stage() > 0) {
            return;
        }
        Deploy deploy = sides.fresh().work().job().deploy().orElseThrow();
        if (deploy.kubernetes().isPresent()) {
            told.accept("applies its manifests");
            return;
        }
        int replicas = stage.fresh().replicas();
        told.accept("starts '" + deploy.start() + "'" + (replicas == 1 ? "" : ", " + replicas + " replicas"));
    }

    private void entered(Stage stage) throws IOException {
        if (stages.size() == 1) {
            told.accept("is healthy");
            return;
        }
        told.accept("stage " + (progress.stage() + 1) + " of " + stages.size() + ": "
                + stage.fresh().replicas() + " healthy, " + stage.percent() + " % of the traffic");
        if (stage.fresh().share() == 0) {
            told.accept("can be looked at before it takes over: " + target.preview(sides.fresh()));
        }
    }

    private void ask(String question) throws IOException {
        if (progress.question().isEmpty()) {
            note(progress.asks(question));
            told.accept("asks: " + question);
        }
    }

    private void note(Progress next) throws IOException {
        progress = next;
        journal.progress(next);
    }

    private static Deploy.Rollout settings(Version version) {
        return version.work().job().deploy().orElseThrow().rollout();
    }

    private static void pause() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(LOOK_EVERY.toMillis());
    }
}
