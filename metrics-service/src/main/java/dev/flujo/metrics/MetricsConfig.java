package dev.flujo.metrics;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What can be set of this service. */
@ConfigMapping(prefix = "flujo.metrics")
public interface MetricsConfig {

    /** The names of the environments that count as production. */
    @WithDefault("production,prod")
    List<String> productionEnvironments();

    /** How many days a window has where a request does not say. */
    @WithDefault("30")
    int defaultDays();

    /** How many days a window may have. */
    @WithDefault("366")
    int mostDays();

    /** How far before the window deployments are looked at, to know whether a commit is new. */
    @WithDefault("90")
    int lookBackDays();

    /** How long after a deployment an incident that names none is still laid at its door. */
    @WithDefault("7d")
    Duration incidentWindow();

    /** What marks a hot fix in a branch's name or the first line of a commit message (regular expression). */
    @WithDefault("(?i)^hot-?fix\\b")
    String hotfixPattern();

    /** Which steps are tests, by name, in a job that reported tests (regular expression). */
    @WithDefault("(?i)\\b(test|tests|verify|check|checks|spec|specs)\\b")
    String testStepPattern();

    /** How often the Prometheus metrics are computed anew. */
    @WithDefault("15s")
    Duration refresh();

    /** How many pipelines (and pipelines by environment) get Prometheus series; the rest is counted as left out. */
    @WithDefault("500")
    int mostSeries();

    /** How many finished runs are kept in memory, so that their events need not be read again. */
    @WithDefault("50000")
    int keptRuns();

    /** The replication of the keyspace where the service creates it. */
    @WithDefault("{'class': 'SimpleStrategy', 'replication_factor': 1}")
    String replication();

    /** The definitions as the arithmetic takes them. */
    default Rules rules() {
        return new Rules(
                Set.copyOf(productionEnvironments()),
                incidentWindow(),
                Pattern.compile(hotfixPattern()),
                Pattern.compile(testStepPattern()));
    }
}
