package dev.flujo.pipeline.orchestrator;

import java.util.List;
import java.util.Random;

/** The pipelines that the model draws from: each has something of its own to go wrong. */
final class ModelPipelines {

    private static final String TRIGGERS = "on: {push: {}, manual: {}}\n";
    private static final List<String> BODIES = List.of(
            "jobs: {a: {steps: [make]}}\n",
            "jobs: {a: {steps: [make]}, b: {needs: [a], steps: [make]}, c: {needs: [a], steps: [make]}}\n",
            "jobs: {a: {retry: {max: 2, on: [failure, platform], backoff: 5s}, steps: [make]}}\n",
            "jobs: {a: {matrix: {x: [1, 2, 3]}, steps: [make]}, b: {on-failure: true, needs: [a], steps: [make]}}\n",
            "jobs: {a: {matrix: {x: [1, 2, 3, 4, 5, 6], y: [1, 2, 3]}, steps: [make]}, b: {needs: [a], steps: [make]}}\n",
            "jobs: {a: {approval: {from: group:sre, count: 1, expires: 2m}, steps: [make]}}\n",
            "jobs: {a: {queue-timeout: 20s, steps: [make]}, b: {timeout: 1m, steps: [make]}}\n",
            "concurrency: {group: all, policy: queue}\njobs: {a: {steps: [make]}, b: {steps: [make]}}\n",
            "concurrency: {group: all, policy: cancel-older}\njobs: {a: {steps: [make]}}\n",
            "concurrency: {group: all, policy: latest-only}\ntimeout: 3m\njobs: {a: {steps: [make]}}\n",
            "concurrency: {group: all, limit: 2}\njobs: {a: {concurrency: database, steps: [make]}}\n",
            "jobs: {a: {concurrency: {group: database, limit: 2}, steps: [make]}, b: {concurrency: {group: database,"
                    + " policy: cancel-older}, steps: [make]}}\n",
            "jobs: {a: {artifacts: {paths: [app]}, steps: [make]}, d: {needs: [a], deploy: {environment: prod, from: a,"
                    + " start: run, health: {path: /health, timeout: 60s}}}}\n",
            "concurrency: {group: x}\njobs: {a: {concurrency: y, steps: [make]}, b: {steps: [make]}}\n",
            "concurrency: {group: y}\njobs: {a: {concurrency: {group: x, limit: 2}, steps: [make]}, b: {needs: [a],"
                    + " concurrency: database, steps: [make]}}\n",
            "concurrency: {group: database, limit: 2}\njobs: {a: {concurrency: x, steps: [make]}, b: {needs: [a],"
                    + " concurrency: y, environment: prod, steps: [make]}}\n",
            "jobs: {a: {environment: prod, steps: [make]}, b: {concurrency: {group: database, cancellable: false},"
                    + " environment: prod, steps: [make]}}\n");

    private ModelPipelines() {}

    /** The source of a pipeline of this name. */
    static String any(String name, Random random) {
        return source(name, random.nextInt(BODIES.size()));
    }

    static String source(String name, int which) {
        return "name: " + name + "\n" + TRIGGERS + BODIES.get(which);
    }

    static int count() {
        return BODIES.size();
    }

    /** One that a run of another project starts by its end. */
    static String after(String name, String project, String pipeline) {
        return "name: " + name + "\non: {upstream: {project: " + project + ", pipeline: " + pipeline
                + ",\n  branch: main, outcomes: [succeeded, failed, errored, cancelled]}}\n" + BODIES.get(0);
    }
}
