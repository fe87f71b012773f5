package dev.flujo.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.Work;
import dev.flujo.runner.executor.JobPlace;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class JobEnvironmentTest {

    private static final Set<String> KNOWN = Set.of(
            "PATH",
            "LANG",
            "LC_ALL",
            "TZ",
            "JAVA_HOME",
            "MAVEN_OPTS",
            "FLUJO_STACK",
            "HOME",
            "TMPDIR",
            "CI",
            "FLUJO_PROJECT",
            "FLUJO_PIPELINE",
            "FLUJO_RUN",
            "FLUJO_JOB",
            "FLUJO_ATTEMPT",
            "FLUJO_BRANCH",
            "FLUJO_WORKSPACE",
            "FLUJO_OUTPUTS",
            "FLUJO_NEEDS");

    @Test
    void holdsNothingOfTheRunnersButWhatIsNamed() {
        Work work = Works.of("true");

        Map<String, String> environment = JobEnvironment.of(
                work, JobPlace.here(new AttemptDirectory(Path.of("/attempt")), Path.of("/home/jobs")));

        Set<String> more = new TreeSet<>(environment.keySet());
        more.removeAll(KNOWN);
        assertEquals(Set.of(), more);
        assertEquals("/home/jobs", environment.get("HOME"));
        assertEquals("/attempt/tmp", environment.get("TMPDIR"));
        assertEquals(work.attempt().run().toString(), environment.get("FLUJO_RUN"));
        assertTrue(System.getenv().size() > 3, "the runner of this test has an environment to leak");
    }
}
