package dev.flujo.pipeline.forge;

import java.util.List;
import java.util.Optional;

/** A pull or merge request that is open, as a webhook would tell of it. */
public record OpenRequest(
        long number,
        String title,
        String branch,
        String base,
        String commit,
        boolean fork,
        boolean draft,
        List<String> labels,
        String author,
        Optional<String> baseCommit) {

    public OpenRequest {
        labels = List.copyOf(labels);
    }
}
