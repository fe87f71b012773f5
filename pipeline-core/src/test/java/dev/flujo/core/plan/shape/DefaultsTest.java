package dev.flujo.core.plan.shape;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.flujo.core.plan.PlanReader;
import dev.flujo.core.plan.PlanReading;
import dev.flujo.event.plan.Job;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a pipeline says for all jobs is as if each said it. */
class DefaultsTest {

    private static final Map<String, String> SAID = Map.ofEntries(
            Map.entry("image", "alpine:3"),
            Map.entry("services", "{db: {image: postgres}}"),
            Map.entry("resources", "{cpu: 2}"),
            Map.entry("pool", "large"),
            Map.entry("labels", "[gpu]"),
            Map.entry("priority", "7"),
            Map.entry("timeout", "7m"),
            Map.entry("queue-timeout", "7m"),
            Map.entry("retry", "{max: 2, on: [failure]}"),
            Map.entry("cache", "{key: k, paths: [a]}"),
            Map.entry("checkout", "{submodules: true, lfs: true}"),
            Map.entry("shell", "sh"),
            Map.entry("working-directory", "src"));

    static Set<String> keys() {
        return SAID.keySet();
    }

    @Test
    void areAllTriedHere() {
        assertEquals(Set.copyOf(JobShape.DEFAULTS.names()), keys());
    }

    @ParameterizedTest
    @MethodSource("keys")
    void areWhatAJobSaysThatDoesNotSayItself(String key) {
        String said = key + ": " + SAID.get(key);

        Job byDefault = job("defaults: {" + said + "}\njobs: {a: {steps: [make]}}");

        assertEquals(job("jobs: {a: {" + said + ", steps: [make]}}"), byDefault);
        assertNotEquals(job("jobs: {a: {steps: [make]}}"), byDefault);
    }

    private static Job job(String text) {
        return ((PlanReading.Readable) PlanReader.read("name: shop\n" + text + "\n"))
                .plan()
                .job("a")
                .orElseThrow();
    }
}
