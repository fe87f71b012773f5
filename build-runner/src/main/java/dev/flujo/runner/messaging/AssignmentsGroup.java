package dev.flujo.runner.messaging;

import dev.flujo.runner.RunnerService;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Map;

/**
 * Each runner reads all assignments, so it is a consumer group of its own, which goes on where it was before a restart. Its
 * only member is known by name: after a crash it reads on at once, instead of waiting until Kafka has given its earlier life
 * up.
 */
@Singleton
public class AssignmentsGroup {

    @Produces
    @Singleton
    @Identifier("assignments-group")
    Map<String, Object> group(RunnerService runner) {
        return Map.of("group.id", "flujo-" + runner.id(), "group.instance.id", runner.id());
    }
}
