package dev.flujo.deploy.target.kubernetes;

import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.Arrays;
import java.util.Optional;

/**
 * The kinds of object that a release may consist of, in the order in which they are applied: what workloads read before
 * them, what brings traffic to them after. A deploy-service needs rights on these and no others.
 */
enum Kind {
    CONFIG_MAP("", "v1", "ConfigMap", "configmaps"),
    PERSISTENT_VOLUME_CLAIM("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims"),
    SERVICE("", "v1", "Service", "services"),
    POD_DISRUPTION_BUDGET("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets"),
    DEPLOYMENT("apps", "v1", "Deployment", "deployments"),
    STATEFUL_SET("apps", "v1", "StatefulSet", "statefulsets"),
    DAEMON_SET("apps", "v1", "DaemonSet", "daemonsets"),
    CRON_JOB("batch", "v1", "CronJob", "cronjobs"),
    HORIZONTAL_POD_AUTOSCALER("autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers"),
    INGRESS("networking.k8s.io", "v1", "Ingress", "ingresses"),
    HTTP_ROUTE("gateway.networking.k8s.io", "v1", "HTTPRoute", "httproutes");

    private final String group;
    private final String version;
    private final String word;
    private final String plural;

    Kind(String group, String version, String word, String plural) {
        this.group = group;
        this.version = version;
        this.word = word;
        this.plural = plural;
    }

    /** The kind that a manifest calls so. */
    static Optional<Kind> of(String apiVersion, String word) {
        return Arrays.stream(values())
                .filter(kind -> kind.apiVersion().equals(apiVersion) && kind.word.equals(word))
                .findAny();
    }

    String group() {
        return group;
    }

    String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /** As it is called in manifests. */
    String word() {
        return word;
    }

    /** As it is called in addresses and roles. */
    String plural() {
        return plural;
    }

    /** Whether a rollout follows when its pods' template changes. */
    boolean rollsOut() {
        return this == DEPLOYMENT || this == STATEFUL_SET || this == DAEMON_SET;
    }

    /** Whether it decides which pods users reach. */
    boolean bringsTraffic() {
        return this == SERVICE || this == INGRESS || this == HTTP_ROUTE;
    }

    /** Whether it holds what nobody can make again, so that no release takes it away. */
    boolean holdsData() {
        return this == PERSISTENT_VOLUME_CLAIM;
    }

    /** Where the API server has the objects of this kind in a namespace. */
    String uri(String namespace) {
        return (group.isEmpty() ? "/api/" : "/apis/") + apiVersion() + "/namespaces/" + namespace + "/" + plural;
    }

    ResourceDefinitionContext context() {
        return new ResourceDefinitionContext.Builder()
                .withGroup(group)
                .withVersion(version)
                .withKind(word)
                .withPlural(plural)
                .withNamespaced(true)
                .build();
    }
}
