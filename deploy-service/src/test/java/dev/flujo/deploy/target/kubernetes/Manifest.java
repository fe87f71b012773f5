package dev.flujo.deploy.target.kubernetes;

/** Manifests for tests, whose pods the {@link FakeKubelet} takes. */
final class Manifest {

    private static final String DIGEST = "@sha256:" + "0123456789abcdef".repeat(4);

    private Manifest() {}

    /** An image that makes its pod behave like this. */
    static String image(String like) {
        return "registry.test/" + like + DIGEST;
    }

    /** A deployment of one replica whose pods behave like this. */
    static String deployment(String name, String like) {
        return deployment(name, like, "");
    }

    /** A deployment with more lines in the specification of its pods. */
    static String deployment(String name, String like, String podLines) {
        return """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: %1$s}
                spec:
                  replicas: 1
                  selector: {matchLabels: {app.kubernetes.io/name: %1$s}}
                  template:
                    metadata: {labels: {app.kubernetes.io/name: %1$s}}
                    spec:
                      schedulerName: %2$s
                      terminationGracePeriodSeconds: 1
                      containers:
                        - {name: app, image: "%3$s"}
                %4$s
                """
                .formatted(name, FakeKubelet.SCHEDULER, image(like), podLines.indent(6));
    }

    static String configMap(String name, String value) {
        return """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: %s}
                data: {value: "%s"}
                """
                .formatted(name, value);
    }

    static String service(String name) {
        return """
                apiVersion: v1
                kind: Service
                metadata: {name: %1$s}
                spec:
                  selector: {app.kubernetes.io/name: %1$s}
                  ports: [{port: 80, targetPort: 8080}]
                """
                .formatted(name);
    }

    /** One of every kind that a release may have besides. */
    static String others(String value) {
        return """
                apiVersion: policy/v1
                kind: PodDisruptionBudget
                metadata: {name: app, labels: {value: "%1$s"}}
                spec: {maxUnavailable: 1, selector: {matchLabels: {app.kubernetes.io/name: app}}}
                ---
                apiVersion: v1
                kind: PersistentVolumeClaim
                metadata: {name: data, labels: {value: "%1$s"}}
                spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
                ---
                apiVersion: batch/v1
                kind: CronJob
                metadata: {name: nightly, labels: {value: "%1$s"}}
                spec:
                  schedule: "0 3 * * *"
                  jobTemplate:
                    spec:
                      template:
                        spec:
                          restartPolicy: Never
                          containers: [{name: job, image: "%2$s"}]
                ---
                apiVersion: autoscaling/v2
                kind: HorizontalPodAutoscaler
                metadata: {name: app, labels: {value: "%1$s"}}
                spec:
                  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: app}
                  maxReplicas: 3
                ---
                apiVersion: networking.k8s.io/v1
                kind: Ingress
                metadata: {name: app, labels: {value: "%1$s"}}
                spec:
                  rules:
                    - host: shop.example.com
                      http:
                        paths:
                          - path: /
                            pathType: Prefix
                            backend: {service: {name: app, port: {number: 80}}}
                ---
                apiVersion: apps/v1
                kind: StatefulSet
                metadata: {name: store, labels: {value: "%1$s"}}
                spec:
                  serviceName: app
                  selector: {matchLabels: {app.kubernetes.io/name: store}}
                  template:
                    metadata: {labels: {app.kubernetes.io/name: store}}
                    spec:
                      schedulerName: %3$s
                      containers: [{name: store, image: "%2$s"}]
                """
                .formatted(value, image("well"), FakeKubelet.SCHEDULER);
    }
}
