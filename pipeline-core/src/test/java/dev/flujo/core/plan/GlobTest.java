package dev.flujo.core.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class GlobTest {

    @Test
    void matchesABranchByItsName() {
        assertTrue(Glob.matches("main", "main"));
        assertFalse(Glob.matches("main", "maintenance"));
        assertFalse(Glob.matches("main", "Main"));
        assertFalse(Glob.matches("main", "my/main"));
    }

    @Test
    void matchesAnythingButASlashByAStar() {
        assertTrue(Glob.matches("release/*", "release/1.0"));
        assertTrue(Glob.matches("*", "main"));
        assertFalse(Glob.matches("release/*", "release/1.0/fix"));
        assertFalse(Glob.matches("*", "release/1.0"));
        assertTrue(Glob.matches("v?.*", "v1.2"));
        assertFalse(Glob.matches("a?b", "a/b"));
    }

    @Test
    void matchesAnythingByTwoStars() {
        assertTrue(Glob.matches("**", "release/1.0/fix"));
        assertTrue(Glob.matches("release/**", "release/1.0/fix"));
        assertTrue(Glob.matches("**/fix", "release/1.0/fix"));
        assertFalse(Glob.matches("release/**", "main"));
    }

    @Test
    void takesAllOtherCharactersLiterally() {
        assertTrue(Glob.matches("v1.0+x", "v1.0+x"));
        assertFalse(Glob.matches("v1.0", "v1x0"));
    }

    @Test
    void matchesEveryBranchWithoutPatterns() {
        assertTrue(Glob.allows(List.of(), "any/thing"));
        assertTrue(Glob.allows(List.of("main", "fix/*"), "fix/1"));
        assertFalse(Glob.allows(List.of("main", "fix/*"), "feature/1"));
    }

    @Test
    void takesBackWhatAnEarlierPatternAllowed() {
        List<String> patterns = List.of("**", "!release/**", "release/1.*");

        assertTrue(Glob.allows(patterns, "main"));
        assertFalse(Glob.allows(patterns, "release/2.0"));
        assertTrue(Glob.allows(patterns, "release/1.7"));
    }

    @Test
    void allowsEverythingElseWherePatternsOnlyTakeBack() {
        assertTrue(Glob.allows(List.of("!docs/**", "!*.md"), "src/Main.java"));
        assertFalse(Glob.allows(List.of("!docs/**", "!*.md"), "docs/index.html"));
    }

    @Test
    void agreesWithAnExpressionThatSaysTheSame() {
        Random random = new Random(2);
        for (int i = 0; i < 20_000; i++) {
            String pattern = word(random, "ab/*?");
            String branch = word(random, "ab/");
            String expression = pattern.replace("**", "<>")
                    .replace("*", "[^/]*")
                    .replace("?", "[^/]")
                    .replace("<>", ".*");

            assertEquals(Pattern.matches(expression, branch), Glob.matches(pattern, branch), pattern + " " + branch);
        }
    }

    @Test
    void answersAPatternOfManyStarsWithoutTryingAllWays() {
        assertFalse(Glob.matches("*a".repeat(127), "a".repeat(126)));
        assertFalse(Glob.matches("**a".repeat(80), "a".repeat(79) + "b".repeat(10_000)));
    }

    private static String word(Random random, String letters) {
        StringBuilder word = new StringBuilder();
        for (int length = random.nextInt(9); length > 0; length--) {
            word.append(letters.charAt(random.nextInt(letters.length())));
        }
        return word.toString();
    }
}
