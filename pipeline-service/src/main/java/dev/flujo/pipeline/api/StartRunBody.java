package dev.flujo.pipeline.api;

import java.util.Optional;

/** What to run: a branch, and a commit of it unless the newest that Flujo has seen shall count. */
public record StartRunBody(String branch, Optional<String> commit) {

    public StartRunBody {
        commit = commit == null ? Optional.empty() : commit;
    }
}
