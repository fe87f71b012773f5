package dev.flujo.pipeline.api;

import java.util.Optional;

/** The repository that a project takes its pipelines from, and the branch that counts where no commit is given. */
public record SourceBody(String repository, Optional<String> branch) {

    public SourceBody {
        branch = branch == null ? Optional.empty() : branch;
    }
}
