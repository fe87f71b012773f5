package dev.flujo.core.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class VocabularyTest {

    private static final List<Vocabulary> ALL = List.of(
            Vocabulary.PIPELINE,
            Vocabulary.JOB,
            Vocabulary.STEP,
            Vocabulary.ON,
            Vocabulary.PUSH,
            Vocabulary.ARTIFACTS,
            Vocabulary.REPORTS,
            Vocabulary.DEPLOY,
            Vocabulary.HEALTH);

    private static final Set<String> WAYS = Set.of(
            "on",
            "on.push",
            "on.push.branches",
            "env",
            "jobs",
            "name",
            "jobs.<id>.env",
            "jobs.<id>.needs",
            "jobs.<id>.steps",
            "jobs.<id>.timeout",
            "jobs.<id>.artifacts",
            "jobs.<id>.reports",
            "jobs.<id>.deploy",
            "steps[].run",
            "needs",
            "timeout",
            "deploy.environment",
            "deploy.health",
            "deploy.start",
            "deploy.from",
            "deploy.health.timeout",
            "reports.junit",
            "artifacts.paths",
            "run",
            "manual",
            "branches",
            "paths",
            "junit",
            "environment",
            "from",
            "start",
            "health",
            "path");

    @Test
    void refusesNoKeyOfItsOwn() {
        for (Vocabulary vocabulary : ALL) {
            vocabulary.keys().forEach(key -> assertEquals(Optional.empty(), vocabulary.refusal(key)));
            vocabulary.keys().forEach(key -> assertFalse(vocabulary.elsewhere().containsKey(key), key));
            vocabulary.keys().forEach(key -> assertFalse(vocabulary.later().contains(key), key));
        }
    }

    @Test
    void explainsEachWordInOneWay() {
        for (Vocabulary vocabulary : ALL) {
            vocabulary
                    .elsewhere()
                    .keySet()
                    .forEach(key -> assertFalse(vocabulary.later().contains(key), key));
        }
    }

    @Test
    void sendsOtherWordsToKeysThatExist() {
        for (Vocabulary vocabulary : ALL) {
            vocabulary.elsewhere().forEach((key, way) -> {
                assertTrue(WAYS.contains(way) || vocabulary.keys().contains(way), key + " leads to " + way);
                assertTrue(vocabulary.refusal(key).orElseThrow().endsWith("write `" + way + "`."), key);
                assertEquals(Optional.empty(), vocabulary.meant(key));
            });
        }
    }

    @Test
    void saysOfWordsOfLaterVersionsThatTheyAreNotSupportedYet() {
        for (Vocabulary vocabulary : ALL) {
            vocabulary.later().forEach(key -> {
                assertTrue(vocabulary.refusal(key).orElseThrow().endsWith(" is not supported yet; remove it."), key);
                assertEquals(Optional.empty(), vocabulary.meant(key));
            });
        }
    }
}
