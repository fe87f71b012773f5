package dev.flujo.deploy.rollout;

import dev.flujo.deploy.Site;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A rollout that has not come to its end.
 *
 * @param before what serves, and goes on serving if it is given up
 * @param stage the number of its stage, from 1, of {@code stages}
 * @param wave in which wave that is, where there are some
 * @param sites the cluster and namespace of each place that the stage is about
 * @param percent the new version's part of the traffic there
 * @param since when the stage began
 * @param question what a person is asked
 * @param preview where the new version alone is reached
 */
public record Ongoing(
        UUID deployment,
        Optional<UUID> before,
        int stage,
        int stages,
        Optional<String> wave,
        List<Site> sites,
        int percent,
        Instant since,
        Optional<String> question,
        Optional<String> preview) {}
