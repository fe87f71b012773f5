package dev.flujo.pipeline.api;

import dev.flujo.pipeline.source.RepositoryAddress;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;
import java.util.List;

/** The repositories that projects may have. */
@ApplicationScoped
public class Repositories {

    private final List<Path> localDirectories;

    Repositories(RepositoryConfig config) {
        this.localDirectories = config.local().orElse(List.of());
    }

    /**
     * Nothing, if runs may check out this one.
     *
     * @throws dev.flujo.kit.problem.Problem (422) otherwise
     */
    void check(String repository) {
        RepositoryAddress.refusal(repository, localDirectories).ifPresent(reason -> {
            throw Inputs.invalid("Expected the address of a git repository, but " + reason);
        });
    }
}
