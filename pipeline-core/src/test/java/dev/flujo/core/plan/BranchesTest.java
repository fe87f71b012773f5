package dev.flujo.core.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.plan.Triggers;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class BranchesTest {

    @Test
    void matchesABranchByItsName() {
        assertTrue(Branches.matches("main", "main"));
        assertFalse(Branches.matches("main", "maintenance"));
        assertFalse(Branches.matches("main", "Main"));
        assertFalse(Branches.matches("main", "my/main"));
    }

    @Test
    void matchesAnythingButASlashByAStar() {
        assertTrue(Branches.matches("release/*", "release/1.0"));
        assertTrue(Branches.matches("*", "main"));
        assertFalse(Branches.matches("release/*", "release/1.0/fix"));
        assertFalse(Branches.matches("*", "release/1.0"));
        assertTrue(Branches.matches("v?.*", "v1.2"));
        assertFalse(Branches.matches("a?b", "a/b"));
    }

    @Test
    void matchesAnythingByTwoStars() {
        assertTrue(Branches.matches("**", "release/1.0/fix"));
        assertTrue(Branches.matches("release/**", "release/1.0/fix"));
        assertTrue(Branches.matches("**/fix", "release/1.0/fix"));
        assertFalse(Branches.matches("release/**", "main"));
    }

    @Test
    void takesAllOtherCharactersLiterally() {
        assertTrue(Branches.matches("v1.0+x", "v1.0+x"));
        assertFalse(Branches.matches("v1.0", "v1x0"));
    }

    @Test
    void matchesEveryBranchWithoutPatterns() {
        assertTrue(Branches.match(new Triggers.Push(List.of()), "any/thing"));
        assertTrue(Branches.match(new Triggers.Push(List.of("main", "fix/*")), "fix/1"));
        assertFalse(Branches.match(new Triggers.Push(List.of("main", "fix/*")), "feature/1"));
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

            assertEquals(
                    Pattern.matches(expression, branch), Branches.matches(pattern, branch), pattern + " " + branch);
        }
    }

    @Test
    void answersAPatternOfManyStarsWithoutTryingAllWays() {
        assertFalse(Branches.matches("*a".repeat(127), "a".repeat(126)));
        assertFalse(Branches.matches("**a".repeat(80), "a".repeat(79) + "b".repeat(10_000)));
    }

    private static String word(Random random, String letters) {
        StringBuilder word = new StringBuilder();
        for (int length = random.nextInt(9); length > 0; length--) {
            word.append(letters.charAt(random.nextInt(letters.length())));
        }
        return word.toString();
    }
}
