package dev.flujo.core.plan.shape;

import dev.flujo.core.plan.yaml.Node;
import dev.flujo.core.plan.yaml.Quote;
import dev.flujo.core.plan.yaml.Spelling;
import java.util.Optional;

/** The words that one kind of mapping may have as keys, and what to say about others. */
record Vocabulary(Shape.Keys keys) {

    /** Up to so many keys are named where one is wrong; more would hide the point. */
    private static final int MOST_NAMED = 12;

    /** Why this key is refused, if it is. */
    Optional<String> refusal(String key) {
        if (keys.key(key).isPresent()) {
            return Optional.empty();
        }
        boolean few = !keys.keys().isEmpty() && keys.keys().size() <= MOST_NAMED;
        String named = few ? " (" + Quote.all(keys.names(), "or") + ")" : "";
        String expected = "Expected a key of " + keys.owner() + named + ", but " + Quote.of(key);
        String instead = keys.elsewhere().get(key);
        if (instead != null && instead.startsWith("/")) {
            return Optional.of(expected + " stands at the top of the file; move it there.");
        }
        if (instead != null) {
            return Optional.of(expected + " is not Flujo's word for it here; write `" + instead + "`.");
        }
        if (keys.later().contains(key)) {
            return Optional.of(expected + " is not supported yet; remove it.");
        }
        return Optional.of(expected + " is unknown; correct or remove it.");
    }

    /** Whether this refused key stands for the wanted one. */
    boolean leads(String key, String wanted) {
        if (keys.key(key).isPresent()) {
            return false;
        }
        String instead = keys.elsewhere().getOrDefault(key, meant(key).orElse(""));
        return instead.equals(wanted)
                || instead.startsWith(wanted + ".")
                || instead.startsWith(wanted + "[")
                || instead.startsWith(wanted + ":");
    }

    /** Whether a refused key of this mapping is the wanted one in other words: one problem is enough then. */
    boolean hinted(Node.Fields node, String wanted) {
        return node.fields().stream().map(Node.Field::name).anyMatch(key -> leads(key, wanted));
    }

    /** The key that was probably meant by one that means nothing anywhere. */
    Optional<String> meant(String key) {
        boolean explained = keys.elsewhere().containsKey(key) || keys.later().contains(key);
        return explained ? Optional.empty() : Spelling.nearest(key, keys.names());
    }
}
