package dev.flujo.metrics;

import java.util.Optional;

/** DORA's five keys: their names, units and what they mean here, in words. */
public enum DoraKey {
    DEPLOYMENT_FREQUENCY(
            "deploymentFrequency",
            "deployments per day",
            "Median over the days of the window, days without any included, of the deployments that began to serve that day"
                    + " (service.deployed, service.upgraded). Deployments that were given up before they served do not count."),
    CHANGE_LEAD_TIME(
            "changeLeadTime",
            "seconds",
            "Median over the commits that began to serve in the window for the first time in this environment, from the"
                    + " commit's time to that moment. A commit without a time, or with one after it served, is left out."),
    CHANGE_FAIL_RATE(
            "changeFailRate",
            "ratio",
            "Failed deployments by all deployments of the window. Failed: rolled back, followed by a hot fix, or with an"
                    + " incident laid at its door."),
    FAILED_DEPLOYMENT_RECOVERY_TIME(
            "failedDeploymentRecoveryTime",
            "seconds",
            "Median over the failed deployments of the window that were recovered from, from when they began to serve to the"
                    + " first of: a later deployment that did not fail, their rollback, the end of their incident."),
    DEPLOYMENT_REWORK_RATE(
            "deploymentReworkRate",
            "ratio",
            "Deployments of the window that were rework, by all deployments of it. Rework: a hot fix, a deployment whose"
                    + " chain carries an earlier incident, or one that resolved an incident.");

    private final String label;
    private final String unit;
    private final String definition;

    DoraKey(String label, String unit, String definition) {
        this.label = label;
        this.unit = unit;
        this.definition = definition;
    }

    /** The name in answers and parameters. */
    public String label() {
        return label;
    }

    public String unit() {
        return unit;
    }

    public String definition() {
        return definition;
    }

    public static Optional<DoraKey> named(String label) {
        for (DoraKey key : values()) {
            if (key.label.equals(label)) {
                return Optional.of(key);
            }
        }
        return Optional.empty();
    }
}
