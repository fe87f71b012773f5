package dev.flujo.runner.executor.kubernetes;

import dev.flujo.event.Work;
import dev.flujo.runner.executor.container.Limits;
import dev.flujo.runner.executor.container.Place;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The pod of an attempt, as an API server is asked for it: within the restricted pod security standard, on a root file system
 * that is only read, with no account, and of the runner's volume only the attempt's own directories.
 *
 * @param runner the name of the runner
 * @param outside what the volume calls a path of the runner's
 */
record PodOrder(
        String runner,
        Work work,
        KubernetesConfig config,
        Limits limits,
        Place place,
        Path scripts,
        UnaryOperator<Path> outside) {

    /** The label that names the runner that a pod belongs to. */
    static final String RUNNER = "dev.flujo.runner";

    static final String CONTAINER = "job";

    /** The variable that tells a pod which one it is: nobody else's word is meant for it. */
    private static final String POD = "FLUJO_POD";

    private static final String VOLUME = "runner";
    private static final BigDecimal NANO = new BigDecimal("0.000000001");

    /** Longer than any attempt of the job lasts: where nobody is left to remove its pod, it ends by itself. */
    private static final Duration SLACK = Duration.ofHours(2);

    String name() {
        return PodName.of(work.attempt());
    }

    String image() {
        return work.job().placement().image().orElse(config.image());
    }

    /** What is the same in two pods only if they are of the same attempt, on the same runner. */
    Map<String, String> labels() {
        return Map.of(
                RUNNER,
                PodName.label(runner),
                "dev.flujo.run",
                work.attempt().run().toString(),
                "dev.flujo.job",
                PodName.label(work.attempt().job()),
                "dev.flujo.attempt",
                Integer.toString(work.attempt().number()),
                "dev.flujo.egress",
                config.network().name().toLowerCase(Locale.ROOT),
                "app.kubernetes.io/name",
                "flujo-job",
                "app.kubernetes.io/managed-by",
                "flujo");
    }

    Pod pod() {
        return new PodBuilder()
                .withNewMetadata()
                .withName(name())
                .withLabels(labels())
                .endMetadata()
                .withNewSpec()
                .withRestartPolicy("Never")
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withHostname("flujo")
                .withActiveDeadlineSeconds(work.job().timeout().plus(SLACK).toSeconds())
                .withRuntimeClassName(runtimeClass().orElse(null))
                .withAffinity(config.node().map(PodOrder::on).orElse(null))
                .withImagePullSecrets(config.pullSecret()
                        .map(secret -> List.of(new LocalObjectReference(secret)))
                        .orElse(List.of()))
                .withSecurityContext(podSecurity())
                .withInitContainers(services().containers(pullPolicy(), resources()))
                .withHostAliases(services().names())
                .withContainers(container())
                .addNewVolume()
                .withName(VOLUME)
                .withNewPersistentVolumeClaim(config.claim().orElseThrow(), false)
                .endVolume()
                .endSpec()
                .build();
    }

    PodServices services() {
        return new PodServices(work.job().placement().services());
    }

    private String pullPolicy() {
        return switch (config.pull()) {
            case MISSING -> "IfNotPresent";
            case ALWAYS -> "Always";
            case NEVER -> "Never";
        };
    }

    private Optional<String> runtimeClass() {
        return work.untrusted() ? config.untrustedRuntimeClass().or(config::runtimeClass) : config.runtimeClass();
    }

    private Container container() {
        return new ContainerBuilder()
                .withName(CONTAINER)
                .withImage(image())
                .withImagePullPolicy(pullPolicy())
                .withCommand("bash", Place.INSIDE.resolve("bin/container.sh").toString())
                .withWorkingDir(Place.INSIDE.resolve("workspace").toString())
                .addNewEnv()
                .withName(POD)
                .withNewValueFrom()
                .withNewFieldRef("v1", "metadata.uid")
                .endValueFrom()
                .endEnv()
                .withSecurityContext(containerSecurity())
                .withResources(resources())
                .withVolumeMounts(mounts())
                .build();
    }

    /** No group of the file system: a kubelet would give it the whole volume. */
    private PodSecurityContext podSecurity() {
        return new PodSecurityContextBuilder()
                .withRunAsNonRoot(true)
                .withRunAsUser((long) place.user().uid())
                .withRunAsGroup((long) place.user().gid())
                .withNewSeccompProfile(null, "RuntimeDefault")
                .build();
    }

    private static SecurityContext containerSecurity() {
        return new SecurityContextBuilder()
                .withPrivileged(false)
                .withAllowPrivilegeEscalation(false)
                .withReadOnlyRootFilesystem(true)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .build();
    }

    private ResourceRequirements resources() {
        Map<String, Quantity> amounts = new HashMap<>();
        amounts.put("memory", new Quantity(Long.toString(limits.memory())));
        if (limits.nanoCpus() > 0) {
            amounts.put(
                    "cpu",
                    new Quantity(BigDecimal.valueOf(limits.nanoCpus())
                            .multiply(NANO)
                            .stripTrailingZeros()
                            .toPlainString()));
        }
        return new ResourceRequirementsBuilder()
                .withRequests(amounts)
                .withLimits(amounts)
                .build();
    }

    private List<VolumeMount> mounts() {
        List<VolumeMount> mounts = new ArrayList<>();
        for (Place.Mount mount : place.mounts()) {
            mounts.add(mount(mount));
        }
        mounts.add(mount(new Place.Mount(scripts, Place.INSIDE.resolve("bin"), false)));
        return mounts;
    }

    private VolumeMount mount(Place.Mount mount) {
        return new VolumeMountBuilder()
                .withName(VOLUME)
                .withSubPath(outside.apply(mount.outside()).toString())
                .withMountPath(mount.inside().toString())
                .withReadOnly(!mount.writable())
                .build();
    }

    private static Affinity on(String node) {
        return new AffinityBuilder()
                .withNewNodeAffinity()
                .withNewRequiredDuringSchedulingIgnoredDuringExecution()
                .addNewNodeSelectorTerm()
                .addNewMatchField()
                .withKey("metadata.name")
                .withOperator("In")
                .withValues(node)
                .endMatchField()
                .endNodeSelectorTerm()
                .endRequiredDuringSchedulingIgnoredDuringExecution()
                .endNodeAffinity()
                .build();
    }
}
