package dev.flujo.deploy.rollout;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flujo.deploy.Environment;
import dev.flujo.deploy.Facts;
import dev.flujo.event.DerivedId;
import dev.flujo.event.EventCodec;
import dev.flujo.event.Work;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The rules of environments, and which releases have served where. */
final class RuleBook {

    private static final ObjectMapper JSON = new EventCodec().mapper();
    private static final String RULES = "rules";

    private final Path root;

    RuleBook(Path root) {
        this.root = root;
    }

    Rules rules(Environment environment) throws IOException {
        Optional<String> text = facts(environment).fact(RULES);
        return text.isEmpty() ? Rules.NONE : JSON.readValue(text.get(), Rules.class);
    }

    void rules(Environment environment, Rules rules) throws IOException {
        facts(environment).replace(RULES, JSON.writeValueAsString(rules));
    }

    /** Notes that a release has served. */
    void served(Environment environment, Work work) throws IOException {
        served(environment).settled(key(work), UndoneReleases.release(work));
    }

    /** What a release lacks before it may come here. */
    Optional<String> missing(Environment environment, Work work) throws IOException {
        Optional<String> before = rules(environment).after();
        if (before.isEmpty()
                || served(new Environment(environment.project(), before.get()))
                        .fact(key(work))
                        .isPresent()) {
            return Optional.empty();
        }
        return Optional.of("Expected a release that has served in '" + before.get() + "', but this one has not (commit "
                + work.revision().commit().orElse("none") + ", "
                + work.artifacts().size()
                + " artifacts by digest); deploy it there first");
    }

    private Facts served(Environment environment) {
        return new Facts(Journal.directory(root, environment).resolve("served"));
    }

    private static String key(Work work) {
        return DerivedId.digestOf(UndoneReleases.release(work));
    }

    private Facts facts(Environment environment) {
        return new Facts(Journal.directory(root, environment));
    }
}
