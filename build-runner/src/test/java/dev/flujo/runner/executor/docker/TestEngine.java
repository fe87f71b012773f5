package dev.flujo.runner.executor.docker;

import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** The container engines of the machine that tests run on, and the image that they execute jobs in. */
public enum TestEngine {
    DOCKER("/var/run/docker.sock"),
    PODMAN("/run/podman/podman.sock");

    /** With {@code -Dflujo.everything=true} a test that lacks something fails; without, it is skipped. CI sets it. */
    private static final String EVERYTHING = "flujo.everything";

    /** The variable that names an image with bash 5, git and coreutils. */
    private static final String VARIABLE = "FLUJO_JOB_IMAGE";

    private final String socket;

    TestEngine(String socket) {
        this.socket = socket;
    }

    /** Where it is reached. */
    String host() {
        return "unix://" + socket;
    }

    /** The image; the test is skipped where the engine is not there, or does not have it. */
    public String image() {
        String image = System.getenv().getOrDefault(VARIABLE, "buildpack-deps:bookworm");
        String lacks = lacks(image);
        if (lacks.isEmpty()) {
            return image;
        }
        String whatToDo = lacks + "; run eval \"$(.ci/containers)\"";
        if (Boolean.getBoolean(EVERYTHING)) {
            Assertions.fail(whatToDo);
        }
        System.out.println("Skipped: " + whatToDo);
        Assumptions.abort(whatToDo);
        return image;
    }

    /** A configuration with this image, and with these values beside. */
    DockerConfig config(Map<String, String> more) {
        Map<String, String> values = new HashMap<>(more);
        values.putIfAbsent("flujo.runner.docker.host", host());
        values.putIfAbsent("flujo.runner.docker.image", image());
        values.putIfAbsent("flujo.runner.docker.pull", "never");
        values.putIfAbsent("flujo.runner.docker.memory", "256m");
        values.putIfAbsent("flujo.runner.docker.networks-ahead", "0");
        return new SmallRyeConfigBuilder()
                .withConverter(io.quarkus.runtime.configuration.MemorySize.class, 100, new MemorySizeConverter())
                .withMapping(DockerConfig.class)
                .withSources(new PropertiesConfigSource(values, "test", 1000))
                .build()
                .getConfigMapping(DockerConfig.class);
    }

    private String lacks(String image) {
        try (Engine engine = new Engine(host())) {
            return engine.image(image).isPresent()
                    ? ""
                    : "the container engine at " + socket + " has no image " + image;
        } catch (java.io.IOException e) {
            return "there is no container engine at " + socket;
        }
    }
}
