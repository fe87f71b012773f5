package dev.flujo.deploy.target.kubernetes;

import dev.flujo.deploy.Failpoint;
import dev.flujo.deploy.Target.Application;
import dev.flujo.deploy.Target.NotApplied;
import dev.flujo.deploy.Target.Serving;
import dev.flujo.deploy.target.kubernetes.Inventory.Failure;
import dev.flujo.deploy.target.kubernetes.Inventory.GivenUp;
import dev.flujo.deploy.target.kubernetes.Inventory.Live;
import dev.flujo.deploy.target.kubernetes.Inventory.Pending;
import dev.flujo.deploy.target.kubernetes.InventoryStore.Known;
import dev.flujo.event.Work;
import dev.flujo.event.plan.Deploy;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * One deployment on its way into its place. It begins by asking what is there, and can be left at any point and begun again
 * by anybody: each write is bound to what was read before it.
 */
final class Rollout {

    private final Place place;
    private final Application application;
    private final ReleaseReader reader;
    private final Failpoint failpoint;
    private final InventoryStore store;
    private final Applier applier;
    private final RolloutWatch watch;

    Rollout(Cluster cluster, Place place, Application application, ReleaseReader reader, Failpoint failpoint) {
        this.place = place;
        this.application = application;
        this.reader = reader;
        this.failpoint = failpoint;
        this.store = new InventoryStore(cluster, place);
        this.applier = new Applier(cluster, place, failpoint);
        this.watch = new RolloutWatch(cluster, place, application);
    }

    /**
     * Goes on from wherever the deployment is.
     *
     * @throws Stale if somebody else has written meanwhile: begin again
     */
    Serving carryOut() throws NotApplied, Stale, Refused, IOException, InterruptedException {
        Known known = store.read();
        Inventory inventory = known.inventory();
        UUID deployment = application.deployment();
        if (inventory
                .live()
                .filter(live -> live.deployment().equals(deployment))
                .isPresent()) {
            return finish(known);
        }
        Optional<GivenUp> givenUp = inventory.givenUp(deployment);
        if (givenUp.isPresent()) {
            throw givenUp.get().exception();
        }
        Known begun = inventory
                        .pending()
                        .filter(pending -> pending.deployment().equals(deployment))
                        .isPresent()
                ? known
                : begin(known);
        return begun.inventory().pending().orElseThrow().failure().isPresent() ? giveUp(begun) : goOn(begun);
    }

    private Known begin(Known known) throws NotApplied, Stale, Refused, IOException {
        failpoint.pass("deploy.before-apply");
        Inventory inventory = known.inventory();
        if (inventory.fence() >= application.fence()) {
            throw refused(known, "something newer has been deployed here meanwhile");
        }
        Marks marks = new Marks(application.deployment(), application.fence());
        Release release;
        try {
            release = reader.read(application.work(), place);
        } catch (Refused e) {
            throw refused(known, e.getMessage());
        }
        store.keep(marks, release);
        List<ObjectKey> objects = new ArrayList<>(release.keys());
        objects.add(store.key(application.deployment()));
        return store.replace(
                known,
                inventory.begun(new Pending(
                        application.deployment(), application.fence(), Instant.now(), objects, Optional.empty())));
    }

    private Serving goOn(Known begun) throws NotApplied, Stale, Refused, IOException, InterruptedException {
        Pending pending = begun.inventory().pending().orElseThrow();
        Release release = store.kept(pending.deployment());
        Optional<String> trouble = rollOut(release, pending);
        if (trouble.isPresent()) {
            return giveUp(store.replace(begun, begun.inventory().failing(new Failure(trouble.get(), Instant.now()))));
        }
        application.progress().accept("is healthy");
        failpoint.pass("deploy.after-apply-before-record");
        String address = Address.of(release, place);
        Known recorded = store.replace(begun, begun.inventory().tookOver(address, Instant.now()));
        Serving serving = finish(recorded);
        application.progress().accept("took over at " + address);
        return serving;
    }

    /** Why the release will not serve, if it will not. */
    private Optional<String> rollOut(Release release, Pending pending) throws Stale, IOException, InterruptedException {
        Marks marks = new Marks(pending.deployment(), pending.fence());
        try {
            applier.apply(release, marks);
        } catch (Refused e) {
            return Optional.of(e.getMessage());
        }
        application
                .progress()
                .accept("applied " + release.keys().size() + " objects to namespace " + place.namespace()
                        + " of cluster " + place.cluster());
        failpoint.pass("deploy.mid-rollout");
        Deploy deploy = work().job().deploy().orElseThrow();
        return watch.await(
                marks, release.workloads(), pending.began(), deploy.health().timeout());
    }

    /** Takes away what the release that serves does not have. */
    private Serving finish(Known known) throws Stale, Refused, IOException {
        Live live = known.inventory().live().orElseThrow();
        if (!known.inventory().left().isEmpty() && known.inventory().pending().isEmpty()) {
            applier.prune(known.inventory().left(), live.fence());
            store.replace(known, known.inventory().pruned());
        }
        return live.serving();
    }

    /** Brings back what served before, and settles that the deployment is given up. */
    private Serving giveUp(Known failing) throws NotApplied, Stale, Refused, IOException {
        Inventory inventory = failing.inventory();
        Pending pending = inventory.pending().orElseThrow();
        if (work().job().deploy().orElseThrow().rollout().automaticRollback()) {
            try {
                bringBack(inventory, pending.fence());
            } catch (Refused e) {
                application.progress().accept("could not bring back what served before: " + e.getMessage());
            }
        }
        Known settled = store.replace(failing, inventory.gaveUp());
        throw settled.inventory().givenUp(pending.deployment()).orElseThrow().exception();
    }

    private void bringBack(Inventory inventory, long fence) throws Stale, Refused, IOException {
        if (inventory.live().isPresent()) {
            UUID before = inventory.live().get().deployment();
            applier.apply(store.kept(before), new Marks(before, fence));
            application.progress().accept("brought back deployment " + before);
        }
        applier.prune(inventory.superfluous(), fence);
    }

    private NotApplied refused(Known known, String reason) throws Stale, Refused, IOException {
        GivenUp refusal = new GivenUp(application.deployment(), 0, reason, Instant.now());
        store.replace(known, known.inventory().refused(refusal));
        return refusal.exception();
    }

    private Work work() {
        return application.work();
    }
}
