package dev.flujo.pipeline.forge;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flujo.kit.problem.CommonProblem;
import dev.flujo.kit.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** The forges that were configured, by their names. */
@ApplicationScoped
public class Forges {

    private static final Logger LOG = Logger.getLogger(Forges.class);

    private static final Map<String, URI> IN_THE_INTERNET = Map.of(
            "github", URI.create("https://api.github.com"),
            "gitlab", URI.create("https://gitlab.com/api/v4"),
            "bitbucket", URI.create("https://api.bitbucket.org/2.0"));

    private final ForgeSettings settings;
    private final Map<String, Forge> forges = new TreeMap<>();

    Forges(
            ForgeSettings settings,
            ObjectMapper json,
            Clock clock,
            @ConfigProperty(name = "flujo.forge-calls.patience", defaultValue = "10s") Duration patience) {
        this.settings = settings;
        for (Repository repository : settings.repositories()) {
            forges.computeIfAbsent(repository.forge(), name -> forge(name, json, clock, patience));
        }
    }

    /** The repositories of all projects that are at a configured forge. */
    List<Repository> repositories() {
        return settings.repositories();
    }

    /** The repository that a project is, if that was configured. */
    Optional<Repository> repository(String project) {
        return settings.repository(project);
    }

    /** The forge of a repository. */
    Forge of(Repository repository) {
        return forges.get(repository.forge());
    }

    /**
     * Why somebody may not command runs of the project; nothing where this is a person who was configured, or who may write to
     * its repository. Where that cannot be asked now nobody may: what a delivery says of its author does not count.
     */
    public Optional<String> whyNot(String forge, String project, ForgeUser user) {
        if (settings.of(forge).people().orElse(List.of()).contains(user.name())) {
            return Optional.empty();
        }
        Optional<Repository> repository =
                repository(project).filter(known -> known.forge().equals(forge));
        if (repository.isEmpty()) {
            return Optional.of("nobody can be asked; name " + project + " in the repositories of flujo.forges." + forge
                    + ", or the user among its people");
        }
        try {
            return of(repository.get()).mayWrite(repository.get(), user)
                    ? Optional.empty()
                    : Optional.of(forge + " says that this user may not");
        } catch (ForgeAway | ForgeRefused e) {
            LOG.warnf("nobody can say whether %s may command %s: %s", user.name(), project, e.getMessage());
            return Optional.of(forge + " could not say so: " + e.getMessage());
        }
    }

    /**
     * The whole id of the commit that begins so.
     *
     * @throws Problem (503) where the forge cannot be asked now, (422) where nobody can be asked, or the forge knows none
     */
    public String whole(String forge, String project, String commit) {
        Repository repository = repository(project)
                .filter(known -> known.forge().equals(forge))
                .orElseThrow(() -> new Problem(
                        CommonProblem.INVALID,
                        "Expected the whole id of a commit, or a forge that can be asked for it, but there is only '"
                                + commit + "'; name " + project + " in the repositories of flujo.forges." + forge));
        try {
            return of(repository).whole(repository, commit);
        } catch (ForgeAway e) {
            throw away(e);
        } catch (ForgeRefused e) {
            throw new Problem(CommonProblem.INVALID, e.getMessage(), e);
        }
    }

    private static Problem away(ForgeAway e) {
        return new Problem(CommonProblem.UNAVAILABLE, e.getMessage(), e);
    }

    private Forge forge(String name, ObjectMapper json, Clock clock, Duration patience) {
        ForgeConfig.One config = settings.of(name);
        URI base = config.url()
                .or(() -> Optional.ofNullable(IN_THE_INTERNET.get(name)))
                .orElseThrow(() -> new IllegalArgumentException(
                        "Expected the address of its API in flujo.forges." + name + ".url, but there is none"));
        return switch (name) {
            case "github" -> new GithubForge(calls(name, base, GithubForge.TOKEN, json, clock, patience));
            case "gitlab" -> new GitlabForge(calls(name, base, GitlabForge.TOKEN, json, clock, patience));
            case "gitea", "forgejo" -> new GiteaForge(name, calls(name, base, GiteaForge.TOKEN, json, clock, patience));
            case "bitbucket" -> new BitbucketForge(calls(name, base, BitbucketForge.TOKEN, json, clock, patience));
            case "bitbucket-server" ->
                new BitbucketServerForge(calls(name, base, BitbucketServerForge.TOKEN, json, clock, patience), base);
            default -> throw new AssertionError("unhandled forge " + name);
        };
    }

    private ForgeCalls calls(
            String name, URI base, ForgeCalls.ForgeToken token, ObjectMapper json, Clock clock, Duration patience) {
        return new ForgeCalls(name, base, settings.of(name), token, patience, clock, json);
    }
}
