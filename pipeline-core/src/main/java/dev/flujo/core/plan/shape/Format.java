package dev.flujo.core.plan.shape;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * What the characters of a text must look like: regular expressions that Java and JSON Schema understand alike. A text
 * breaks the first rule that it breaks; the others are not looked at.
 *
 * @param expected what is expected, as the first half of a sentence
 * @param meant what was probably meant by a text that is refused; the text itself where nobody knows
 */
public record Format(String expected, List<Rule> rules, UnaryOperator<String> meant) {

    /** Any text. */
    public static final Format ANY = new Format("text", List.of(), UnaryOperator.identity());

    /** Something that the whole text, or a part of it, must ({@code wanted}) or must not be like. */
    public record Rule(Pattern pattern, boolean wanted, String reason) {

        /** The whole text is like this; a reason starts with what the text is, and says what to do. */
        static Rule whole(String regex, String reason) {
            return new Rule(Pattern.compile("^(?:" + regex + ")$"), true, reason);
        }

        /** No part of the text is like this. */
        static Rule not(String regex, String reason) {
            return new Rule(Pattern.compile(regex), false, reason);
        }

        boolean broken(String text) {
            return pattern.matcher(text).find() != wanted;
        }
    }

    public Format {
        Objects.requireNonNull(expected, "expected");
        rules = List.copyOf(rules);
    }

    /** The sentence about a text that this format refuses. */
    Optional<String> refusal(String text, String quoted) {
        return rules.stream()
                .filter(rule -> rule.broken(text))
                .findFirst()
                .map(rule -> "Expected " + expected + ", but "
                        + (rule.reason().startsWith("it ") ? "" : quoted + " ")
                        + rule.reason().replace("{}", quoted) + ".");
    }

    /** Whether every rule accepts the text. */
    public boolean accepts(String text) {
        return rules.stream().noneMatch(rule -> rule.broken(text));
    }

    /** What was probably meant, if that would be accepted. */
    Optional<String> meant(String text) {
        return Optional.of(meant.apply(text)).filter(other -> !other.equals(text) && accepts(other));
    }

    /** The same with further rules, which are looked at first. */
    Format after(Rule... first) {
        List<Rule> all = new ArrayList<>(List.of(first));
        all.addAll(rules);
        return new Format(expected, all, meant);
    }

    /** The same, called something else. */
    Format called(String name) {
        return new Format(name, rules, meant);
    }
}
