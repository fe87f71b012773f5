package dev.flujo.deploy.rollout;

import dev.flujo.deploy.Target;
import dev.flujo.deploy.Target.Share;
import dev.flujo.deploy.Target.Version;
import java.io.IOException;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;

/**
 * From wherever a rollout is back to the old version, which gets all of its replicas and then all of the traffic again, in each
 * site of which something was changed. A site that is in trouble keeps none of the others from it.
 */
record WayBack(List<Sides> parts, Walk.Ground ground) {

    void go() throws IOException, InterruptedException {
        Map<Sides, IOException> troubles = new LinkedHashMap<>();
        inEach(troubles, part -> {
            if (part.old().isPresent()) {
                Version old = part.old().get();
                ground.target().scale(old, Sides.settings(old).replicas());
            }
        });
        inEach(troubles, this::takeBack);
        Iterator<IOException> all = troubles.values().iterator();
        if (all.hasNext()) {
            IOException first = all.next();
            all.forEachRemaining(first::addSuppressed);
            throw first;
        }
    }

    /** What is done in one site. */
    private interface Move {
        void make(Sides part) throws IOException, InterruptedException;
    }

    private void takeBack(Sides part) throws IOException, InterruptedException {
        Target target = ground.target();
        if (part.old().isPresent()) {
            Version old = part.old().get();
            await(old);
            target.route(part.fresh(), List.of(new Share(old.deployment(), 100)));
        } else {
            target.route(part.fresh(), List.of());
        }
        ground.failpoint().pass("deploy.back-routed");
        target.scale(part.fresh(), 0);
    }

    private void inEach(Map<Sides, IOException> troubles, Move move) throws InterruptedException {
        for (Sides part : parts) {
            try {
                if (!troubles.containsKey(part)) {
                    move.make(part);
                }
            } catch (IOException e) {
                troubles.put(part, e);
            }
        }
    }

    /** The old version has to answer before it gets everything; if it does not in time, it still is the better one. */
    private void await(Version old) throws IOException, InterruptedException {
        Semaphore nobody = new Semaphore(0);
        Instant end = ground.pace()
                .now()
                .plus(old.work().job().deploy().orElseThrow().health().timeout());
        while (!ground.target().condition(old).allReady() && ground.pace().now().isBefore(end)) {
            ground.pace().pause(nobody);
        }
    }
}
