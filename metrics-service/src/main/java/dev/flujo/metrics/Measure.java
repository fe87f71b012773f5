package dev.flujo.metrics;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * One key's number with its receipts: the deployments and events that it follows from; without a number, the reason. The
 * details say of what the number is made.
 */
public record Measure(
        DoraKey key,
        Optional<Double> value,
        Optional<String> reason,
        Map<String, Object> details,
        Set<UUID> deployments,
        Set<String> events) {

    public Measure {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(value, "value");
        Objects.requireNonNull(reason, "reason");
        details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
        deployments = Collections.unmodifiableSet(new LinkedHashSet<>(deployments));
        events = Collections.unmodifiableSet(new LinkedHashSet<>(events));
    }

    static Measure of(
            DoraKey key, Optional<Double> value, String otherwise, Map<String, Object> details, List<Verdict> behind) {
        Set<UUID> deployments = new LinkedHashSet<>();
        Set<String> events = new LinkedHashSet<>();
        for (Verdict verdict : behind) {
            deployments.add(verdict.deployment().id());
            events.add(verdict.deployment().eventId());
            switch (key) {
                case CHANGE_FAIL_RATE -> verdict.failures().forEach(failure -> events.add(failure.eventId()));
                case FAILED_DEPLOYMENT_RECOVERY_TIME -> {
                    verdict.failures().forEach(failure -> events.add(failure.eventId()));
                    verdict.recovery().ifPresent(recovery -> events.add(recovery.eventId()));
                }
                case DEPLOYMENT_REWORK_RATE -> verdict.rework().forEach(rework -> events.add(rework.eventId()));
                case DEPLOYMENT_FREQUENCY, CHANGE_LEAD_TIME -> {
                    // The deployment's own event is the whole receipt.
                }
            }
        }
        return new Measure(
                key,
                value,
                value.isPresent() ? Optional.empty() : Optional.of(otherwise),
                details,
                deployments,
                events);
    }
}
