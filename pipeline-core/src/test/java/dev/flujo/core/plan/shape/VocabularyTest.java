package dev.flujo.core.plan.shape;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class VocabularyTest {

    private static final List<Shape.Keys> ALL = List.copyOf(AllKeys.of(PipelineShape.PIPELINE, PipelineShape.TEMPLATE));

    @Test
    void refusesNoKeyOfItsOwn() {
        for (Shape.Keys keys : ALL) {
            for (String key : keys.names()) {
                assertEquals(Optional.empty(), new Vocabulary(keys).refusal(key));
                assertFalse(keys.elsewhere().containsKey(key), keys.owner() + ": " + key);
                assertFalse(keys.later().contains(key), keys.owner() + ": " + key);
            }
        }
    }

    @Test
    void explainsEachWordInOneWay() {
        for (Shape.Keys keys : ALL) {
            keys.elsewhere()
                    .keySet()
                    .forEach(key -> assertFalse(keys.later().contains(key), keys.owner() + ": " + key));
        }
    }

    @Test
    void sendsOtherWordsToKeysThatExist() {
        Set<String> known = new HashSet<>();
        ALL.forEach(keys -> known.addAll(keys.names()));
        for (Shape.Keys keys : ALL) {
            keys.elsewhere().forEach((key, way) -> {
                for (String part : way.replaceFirst(":.*", "").split("[./]", -1)) {
                    String name = part.replace("[]", "");
                    assertTrue(
                            name.isEmpty() || name.startsWith("<") || known.contains(name),
                            keys.owner() + ": " + key + " leads to " + way);
                }
                assertEquals(Optional.empty(), new Vocabulary(keys).meant(key));
            });
        }
    }

    @Test
    void saysOfWordsOfLaterVersionsThatTheyAreNotSupportedYet() {
        for (Shape.Keys keys : ALL) {
            for (String key : keys.later()) {
                String refusal = new Vocabulary(keys).refusal(key).orElseThrow();
                assertTrue(refusal.endsWith(" is not supported yet; remove it."), key);
                assertEquals(Optional.empty(), new Vocabulary(keys).meant(key));
            }
        }
    }

    @Test
    void speaksOfOnlyKeysThatThereAreInItsRules() {
        for (Shape.Keys keys : ALL) {
            for (Shape.Rule rule : keys.rules()) {
                Set<String> named = new HashSet<>();
                if (rule instanceof Shape.Rule.OneOf one) named.addAll(one.keys());
                if (rule instanceof Shape.Rule.AnyOf any) named.addAll(any.keys());
                if (rule instanceof Shape.Rule.Alone alone) named.addAll(alone.others());
                if (rule instanceof Shape.Rule.Needs needs) named.addAll(needs.others());
                assertTrue(keys.names().containsAll(named), keys.owner() + ": " + rule);
            }
        }
    }
}
