package dev.flujo.pipeline.forge;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What was configured of each forge, by its name, and which repository of which forge a project is. */
@ApplicationScoped
public class ForgeSettings {

    private final Map<String, ForgeConfig.One> forges;
    private final Map<String, Repository> repositories = new TreeMap<>();

    ForgeSettings(ForgeConfig config) {
        this.forges = Map.of(
                "github", config.github(),
                "gitlab", config.gitlab(),
                "gitea", config.gitea(),
                "forgejo", config.forgejo(),
                "bitbucket", config.bitbucket(),
                "bitbucket-server", config.bitbucketServer());
        forges.forEach((forge, one) -> one.repositories().orElse(List.of()).forEach(text -> add(forge, text)));
    }

    /** What was configured of the forge with that name, which has to be one that Flujo knows. */
    public ForgeConfig.One of(String forge) {
        return Optional.ofNullable(forges.get(forge))
                .orElseThrow(() -> new IllegalArgumentException("Expected the name of a forge, but it is " + forge));
    }

    /** The repository that a project is, if that was configured. */
    Optional<Repository> repository(String project) {
        return Optional.ofNullable(repositories.get(project));
    }

    /** All projects whose repositories were configured, in the order of their names. */
    List<Repository> repositories() {
        return List.copyOf(repositories.values());
    }

    private void add(String forge, String text) {
        Repository repository = Repository.of(forge, text.trim());
        Repository other = repositories.putIfAbsent(repository.project(), repository);
        if (other != null) {
            throw new IllegalArgumentException("Expected one repository for each project, but " + repository.project()
                    + " is " + other.path() + " at " + other.forge() + " and " + repository.path() + " at " + forge
                    + "; remove one from the repositories in flujo.forges");
        }
    }
}
