package dev.flujo.deploy.rollout;

import dev.flujo.deploy.Site;
import dev.flujo.deploy.Target;
import dev.flujo.deploy.Target.Version;
import dev.flujo.deploy.Waves;
import dev.flujo.event.plan.Deploy;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** The way of a rollout: the stages of its strategy in its first wave, a stop, the same in the next one, and so on. */
record Legs(List<Leg> all) {

    private static final Stage NOTHING = new Stage(new Stage.Side(0, 0), new Stage.Side(0, 0), Stage.Watch.NOTHING);

    Legs {
        all = List.copyOf(all);
    }

    /** As the new version's own deployment says. */
    static Legs of(Sides sides, Target target) {
        List<Leg> legs = new ArrayList<>();
        Iterator<Waves.Group> groups = groups(sides.fresh(), target).iterator();
        while (groups.hasNext()) {
            Waves.Group group = groups.next();
            List<Sides> parts = parts(sides, group.sites(), target);
            if (parts.isEmpty()) {
                continue;
            }
            Optional<String> name = group.wave().map(Deploy.Wave::name);
            Leg whole = new Leg(name, parts, false, NOTHING);
            Optional<Integer> before = sides.old()
                    .filter(old -> whole.replaces())
                    .map(old -> Sides.settings(old).replicas());
            List<Stage> stages = Stages.of(Sides.settings(sides.fresh()), before, target.rolls(sides.fresh()));
            boolean beside = stages.size() > 1;
            stages.forEach(stage -> legs.add(new Leg(name, parts, beside, stage)));
            boolean last = !groups.hasNext();
            Stage end = stages.get(stages.size() - 1);
            group.wave()
                    .flatMap(wave -> stop(wave, last, end))
                    .ifPresent(stop -> legs.add(new Leg(name, parts, beside, stop)));
        }
        return new Legs(legs);
    }

    /** A version that served before takes over in all of its sites at once. */
    static Legs back(Sides sides, Target target) {
        List<Site> sites = groups(sides.fresh(), target).stream()
                .flatMap(group -> group.sites().stream())
                .toList();
        int undone = Sides.settings(sides.old().orElseThrow()).replicas();
        return new Legs(List.of(new Leg(
                Optional.empty(),
                parts(sides, sites, target),
                false,
                Stages.back(Sides.settings(sides.fresh()), undone, target.rolls(sides.fresh())))));
    }

    /** The same, with something before them that nothing is done for. */
    Legs behindGate() {
        List<Leg> legs = new ArrayList<>(all);
        legs.add(0, new Leg(Optional.empty(), List.of(), false, NOTHING));
        return new Legs(legs);
    }

    int size() {
        return all.size();
    }

    Leg get(int stage) {
        return all.get(Math.min(stage, all.size() - 1));
    }

    /** Whether a wave begins with this stage, or the rollout as a whole. */
    boolean begins(int stage) {
        return stage == 0
                || !all.get(stage - 1).wave().equals(all.get(stage).wave())
                || all.get(stage - 1).parts().isEmpty();
    }

    /** The versions in each site that something may have been changed in by the time that a rollout is in this stage. */
    List<Sides> touched(int stage) {
        return all.stream()
                .limit(stage + 1L)
                .flatMap(leg -> leg.parts().stream())
                .distinct()
                .toList();
    }

    /** The wave and the site of a version, in front of what is said of it there. */
    String told(Sides part) {
        return all.stream()
                .filter(leg -> leg.parts().contains(part))
                .findFirst()
                .map(leg ->
                        leg.wave(part.fresh().site().map(site -> site + ": ").orElse("")))
                .orElse("");
    }

    /** A version in each of its sites. */
    static List<Version> each(Version version, Target target) {
        List<Version> versions = new ArrayList<>();
        for (Waves.Group group : groups(version, target)) {
            if (group.wave().isEmpty()) {
                versions.add(version);
            }
            group.wave().ifPresent(wave -> group.sites().forEach(site -> versions.add(version.at(site))));
        }
        return versions;
    }

    /** Wants nothing of a version any more in each of its sites. */
    static void end(Version version, Target target) throws IOException {
        for (Version one : each(version, target)) {
            target.scale(one, 0);
        }
    }

    /** Where the target has no clusters, there is one group with no site. */
    static List<Waves.Group> groups(Version version, Target target) {
        Deploy deploy = version.work().job().deploy().orElseThrow();
        return target.site(version)
                .map(own -> Waves.of(deploy, own).groups())
                .orElse(List.of(new Waves.Group(Optional.empty(), List.of())));
    }

    private static List<Sides> parts(Sides sides, List<Site> sites, Target target) {
        List<Sides> parts = new ArrayList<>();
        for (Version fresh : each(sides.fresh(), target)) {
            Optional<Site> site = place(fresh, target);
            if (site.isEmpty() || sites.contains(site.get())) {
                parts.add(new Sides(fresh, sides.old().flatMap(old -> at(site, old, target))));
            }
        }
        return parts;
    }

    /** The old version where the new one comes to, if it is there. */
    private static Optional<Version> at(Optional<Site> site, Version old, Target target) {
        return each(old, target).stream()
                .filter(one -> place(one, target).equals(site))
                .findFirst();
    }

    private static Optional<Site> place(Version version, Target target) {
        return version.site().or(() -> target.site(version));
    }

    /** After a wave: nothing changes, and it is watched for a time or until a person says that the next one begins. */
    private static Optional<Stage> stop(Deploy.Wave wave, boolean last, Stage end) {
        boolean asks = wave.approval() && !last;
        return wave.pause().equals(Duration.ZERO) && !asks
                ? Optional.empty()
                : Optional.of(new Stage(end.fresh(), end.old(), new Stage.Watch(wave.pause(), asks, List.of())));
    }
}
