package dev.flujo.deploy.target.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flujo.deploy.Target.Share;
import dev.flujo.event.plan.Deploy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * How the objects of a version are arranged. Rolling, they are as their manifests say, and one version's replace another's.
 * Apart, as blue-green and canary need them, deployments have names of their own, and what brings traffic is not the
 * version's but the environment's, and follows the shares.
 */
record Arrangement(Release release, UUID deployment, Deploy.Rollout rollout, Optional<PodConfig> config) {

    private static final String NOBODY = "none";

    /** How what brings traffic is arranged, which needs nothing else. */
    static Arrangement ofTraffic(Release release, UUID deployment) {
        return new Arrangement(release, deployment, Deploy.Rollout.PLAIN, Optional.empty());
    }

    /** Whether the versions of such a deployment are there beside each other. */
    static boolean apart(Deploy.Rollout rollout) {
        return rollout.strategy().kind() != Deploy.Strategy.Kind.ROLLING;
    }

    /** @throws Refused if the release has what cannot be there twice */
    void check() throws Refused {
        for (ObjectKey key : release.keys()) {
            boolean once = key.kind() == Kind.STATEFUL_SET
                    || key.kind() == Kind.DAEMON_SET
                    || key.kind() == Kind.HORIZONTAL_POD_AUTOSCALER;
            if (apart(rollout) && once) {
                throw new Refused(
                        "Expected deployments and what goes with them, because two versions are there beside each "
                                + "other with strategy " + rollout.strategy().kind() + ", but the manifests have " + key
                                + "; use `rolling`.");
            }
        }
    }

    /**
     * The version's own objects, with so many replicas.
     *
     * @param beside whether a version is there that is kept apart, so that the shares say who gets traffic
     */
    SortedMap<ObjectKey, ObjectNode> own(int replicas, boolean beside) {
        SortedMap<ObjectKey, ObjectNode> objects = new TreeMap<>();
        release.manifests().forEach((key, manifest) -> {
            if (beside && key.kind().bringsTraffic()) {
                return;
            }
            ObjectNode arranged = manifest.deepCopy();
            ObjectKey named = key;
            if (key.kind().rollsOut()) {
                named = arrange(key, arranged, replicas);
            }
            if (key.kind().rollsOut() || key.kind() == Kind.CRON_JOB) {
                config.ifPresent(given -> given.into(key.kind(), arranged));
            }
            objects.put(named, arranged);
        });
        if (apart(rollout)) {
            services().forEach(service -> objects.put(service.key(), service.manifest()));
        }
        return objects;
    }

    /** The environment's objects that bring traffic, so that it is divided like this. */
    SortedMap<ObjectKey, ObjectNode> traffic(List<Share> shares) {
        SortedMap<ObjectKey, ObjectNode> objects = new TreeMap<>();
        release.manifests().forEach((key, manifest) -> {
            if (!key.kind().bringsTraffic()) {
                return;
            }
            ObjectNode arranged = manifest.deepCopy();
            if (key.kind() == Kind.SERVICE) {
                select(arranged, shares);
            }
            if (key.kind() == Kind.HTTP_ROUTE) {
                divide(arranged, shares);
            }
            objects.put(key, arranged);
        });
        return objects;
    }

    /** Where the version is reached alone: its own services, by the names that they have within the cluster. */
    Optional<String> preview(Place place) {
        return services().stream().findFirst().map(service -> Address.within(service.manifest(), place));
    }

    private record Own(ObjectKey key, ObjectNode manifest) {}

    /** A service for each of the release's, that reaches this version alone. */
    private List<Own> services() {
        List<Own> services = new ArrayList<>();
        release.manifests().forEach((key, manifest) -> {
            if (key.kind() == Kind.SERVICE && manifest.at("/spec/selector").isObject()) {
                ObjectNode own = manifest.deepCopy();
                String name = own(key.name());
                own.withObject("/metadata").put("name", name);
                own.withObject("/spec").put("type", "ClusterIP").remove(List.of("clusterIP", "clusterIPs"));
                own.withObject("/spec").path("ports").forEach(port -> ((ObjectNode) port).remove("nodePort"));
                own.withObject("/spec/selector").put(Marks.VERSION, Marks.word(deployment));
                services.add(new Own(new ObjectKey(Kind.SERVICE, name), own));
            }
        });
        return services;
    }

    private ObjectKey arrange(ObjectKey key, ObjectNode workload, int replicas) {
        String word = Marks.word(deployment);
        workload.withObject("/spec/template/metadata/labels").put(Marks.VERSION, word);
        if (rollout.replicas() > 1 && key.kind() != Kind.DAEMON_SET) {
            workload.withObject("/spec").put("replicas", replicas);
        }
        if (!apart(rollout)) {
            if (key.kind() == Kind.DEPLOYMENT) {
                limit(workload);
            }
            return key;
        }
        ObjectKey named = new ObjectKey(key.kind(), own(key.name()));
        workload.withObject("/metadata").put("name", named.name());
        workload.withObject("/metadata/labels").put(Marks.VERSION, word);
        workload.withObject("/spec/selector/matchLabels").put(Marks.VERSION, word);
        return named;
    }

    private void limit(ObjectNode workload) {
        rollout.strategy().surge().ifPresent(surge -> rolling(workload, "maxSurge", surge));
        rollout.strategy().unavailable().ifPresent(missing -> rolling(workload, "maxUnavailable", missing));
    }

    private static void rolling(ObjectNode workload, String field, String value) {
        workload.withObject("/spec/strategy").put("type", "RollingUpdate");
        ObjectNode limits = workload.withObject("/spec/strategy/rollingUpdate");
        if (value.endsWith("%")) {
            limits.put(field, value);
        } else {
            limits.put(field, Integer.parseInt(value.trim()));
        }
    }

    /** One version is selected by its label; of several, each ready pod gets its part. */
    private static void select(ObjectNode service, List<Share> shares) {
        if (service.at("/spec/selector").isObject() && shares.size() < 2) {
            service.withObject("/spec/selector")
                    .put(
                            Marks.VERSION,
                            shares.isEmpty() ? NOBODY : Marks.word(shares.get(0).deployment()));
        }
    }

    /** Each backend that is a service of the release becomes that service of each version, with its part of the weight. */
    private void divide(ObjectNode route, List<Share> shares) {
        for (JsonNode rule : route.at("/spec/rules")) {
            ArrayNode divided = ((ObjectNode) rule).arrayNode();
            for (JsonNode backend : rule.path("backendRefs")) {
                boolean ours = release.manifests()
                        .containsKey(
                                new ObjectKey(Kind.SERVICE, backend.path("name").asText()));
                if (ours && !shares.isEmpty()) {
                    shares.forEach(share -> divided.add(((ObjectNode) backend.deepCopy())
                            .put("name", backend.path("name").asText() + "-" + Marks.word(share.deployment()))
                            .put("weight", share.weight())));
                } else {
                    divided.add(backend);
                }
            }
            ((ObjectNode) rule).set("backendRefs", divided);
        }
    }

    private String own(String name) {
        return name + "-" + Marks.word(deployment);
    }
}
