package dev.flujo.deploy.rollout;

import dev.flujo.deploy.Target;
import dev.flujo.deploy.Target.Share;
import dev.flujo.deploy.Target.Version;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Semaphore;

/** From wherever a rollout is back to the old version, which gets all of its replicas and then all of the traffic again. */
record WayBack(Sides sides, Walk.Ground ground) {

    void go() throws IOException, InterruptedException {
        Target target = ground.target();
        if (sides.old().isPresent()) {
            Version old = sides.old().get();
            target.scale(old, Sides.settings(old).replicas());
            await(old);
            target.route(sides.environment(), List.of(new Share(old.deployment(), 100)));
        } else {
            target.route(sides.environment(), List.of());
        }
        ground.failpoint().pass("deploy.back-routed");
        target.scale(sides.fresh(), 0);
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
