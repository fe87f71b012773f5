package dev.flujo.runner;

import dev.flujo.event.Work;
import dev.flujo.runner.executor.JobPlace;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The environment of a job: a few variables of the runner's own, what Flujo says of the run, and what the pipeline sets;
 * nothing else of the runner's environment reaches a job.
 */
final class JobEnvironment {

    private static final List<String> PASSED_ON =
            List.of("PATH", "LANG", "LC_ALL", "TZ", "JAVA_HOME", "MAVEN_OPTS", "FLUJO_STACK");

    private JobEnvironment() {}

    static Map<String, String> of(Work work, JobPlace place) {
        Map<String, String> environment = new LinkedHashMap<>();
        if (place.ofThisMachine()) {
            passOn(environment);
        }
        environment.put("HOME", place.home().toString());
        environment.put("TMPDIR", place.temporary().toString());
        environment.put("CI", "true");
        environment.put("FLUJO_PROJECT", work.project());
        environment.put("FLUJO_PIPELINE", work.pipeline());
        environment.put("FLUJO_RUN", work.attempt().run().toString());
        environment.put("FLUJO_JOB", work.attempt().job());
        environment.put("FLUJO_ATTEMPT", Integer.toString(work.attempt().number()));
        environment.put("FLUJO_BRANCH", work.revision().branch());
        work.revision().commit().ifPresent(commit -> environment.put("FLUJO_COMMIT", commit));
        environment.put("FLUJO_WORKSPACE", place.workspace().toString());
        environment.put("FLUJO_OUTPUTS", place.outputs().toString());
        environment.put("FLUJO_NEEDS", place.needs().toString());
        environment.putAll(work.env());
        return environment;
    }

    private static void passOn(Map<String, String> environment) {
        for (String name : PASSED_ON) {
            String value = System.getenv(name);
            if (value != null) {
                environment.put(name, value);
            }
        }
        environment.putIfAbsent("PATH", "/usr/local/bin:/usr/bin:/bin");
    }
}
