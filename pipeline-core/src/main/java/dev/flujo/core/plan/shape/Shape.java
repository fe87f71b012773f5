package dev.flujo.core.plan.shape;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What may stand at one place of a pipeline file. The one source of what the reader checks, of the JSON Schema for editors,
 * and of the tables of the reference.
 */
public sealed interface Shape {

    /**
     * Text: numbers and the like are taken as they are written.
     *
     * @param empty whether it may be empty or blank
     * @param expressions what {@code ${{ }}} in it means; where it is replaced, the format holds only for texts without any
     */
    record Text(Format format, int longest, boolean empty, Expressions expressions) implements Shape {

        /** What an expression in a text means. */
        public enum Expressions {
            REFUSED,
            REPLACED,
            /** The text is an expression itself. */
            ITSELF
        }

        static Text of(Format format, int longest) {
            return new Text(format, longest, false, Expressions.REFUSED);
        }

        static Text computed(Format format, int longest) {
            return new Text(format, longest, false, Expressions.REPLACED);
        }
    }

    /** One of these words. */
    record Word(List<String> words) implements Shape {

        public Word {
            words = List.copyOf(words);
        }
    }

    /** A whole number. */
    record Whole(int least, int most) implements Shape {}

    /** A time. */
    record Span(Duration shortest, Duration longest) implements Shape {}

    /** {@code true} or {@code false}. */
    record Flag() implements Shape {}

    /** A list; where its entries are {@code different}, no text stands twice. */
    record Items(Shape item, int least, int most, boolean different, String example) implements Shape {

        /** A list whose entries may be equal. */
        Items(Shape item, int least, int most, String example) {
            this(item, least, most, false, example);
        }
    }

    /**
     * A mapping whose keys the file chooses, besides those that are fixed.
     *
     * @param things what its entries are, singular and plural
     * @param remedy what to do about too many
     */
    record Table(List<String> things, Format key, Shape value, int least, int most, String remedy, List<Key> fixed)
            implements Shape {

        public Table {
            things = List.copyOf(things);
            fixed = List.copyOf(fixed);
        }
    }

    /**
     * A mapping with known keys.
     *
     * @param owner what has these keys, as a message says it
     * @param elsewhere the words of other systems, with what to write instead
     * @param later words that Flujo has no meaning for
     * @param example how it is written, where that helps
     */
    record Keys(
            String owner,
            List<Key> keys,
            List<Rule> rules,
            Map<String, String> elsewhere,
            Set<String> later,
            Optional<String> example)
            implements Shape {

        public Keys {
            keys = List.copyOf(keys);
            rules = List.copyOf(rules);
            elsewhere = Map.copyOf(elsewhere);
            later = Set.copyOf(later);
        }

        Keys(String owner, List<Key> keys) {
            this(owner, keys, List.of(), Map.of(), Set.of(), Optional.empty());
        }

        Keys rules(Rule... added) {
            return new Keys(owner, keys, List.of(added), elsewhere, later, example);
        }

        Keys elsewhere(Map<String, String> words) {
            return new Keys(owner, keys, rules, words, later, example);
        }

        Keys later(String... words) {
            return new Keys(owner, keys, rules, elsewhere, Set.of(words), example);
        }

        Keys such(String how) {
            return new Keys(owner, keys, rules, elsewhere, later, Optional.of(how));
        }

        List<String> names() {
            return keys.stream().map(Key::name).toList();
        }

        Optional<Key> key(String name) {
            for (Key key : keys) {
                if (key.name().equals(name)) {
                    return Optional.of(key);
                }
            }
            return Optional.empty();
        }
    }

    /** The name of a key of a mapping, standing alone for that key without settings. */
    record Bare(Keys keys, List<String> words) implements Shape {

        public Bare {
            words = List.copyOf(words);
        }
    }

    /** One of several ways to write the same; nothing at all may be one of them. */
    record Forms(Optional<Shape> text, Optional<Shape> list, Optional<Shape> mapping, boolean nothing, String described)
            implements Shape {

        static Forms of(Shape text, Shape list, Shape mapping, String described) {
            return new Forms(
                    Optional.ofNullable(text),
                    Optional.ofNullable(list),
                    Optional.ofNullable(mapping),
                    false,
                    described);
        }

        Forms orNothing() {
            return new Forms(text, list, mapping, true, described);
        }

        /** One text, or a list of such texts. */
        static Forms texts(Shape text, int most) {
            return of(text, new Items(text, 1, most, true, ""), null, "as text or a list of texts");
        }
    }

    /** What the keys of one mapping demand of each other. */
    sealed interface Rule {

        /** Exactly one of these is there; {@code remedy} says what to do where several are. */
        record OneOf(List<String> keys, String remedy) implements Rule {

            public OneOf {
                keys = List.copyOf(keys);
            }
        }

        /** At least one of these is there. */
        record AnyOf(List<String> keys, String remedy) implements Rule {

            public AnyOf {
                keys = List.copyOf(keys);
            }
        }

        /** With the key, none of the others is there. */
        record Alone(String key, List<String> others, String remedy) implements Rule {

            public Alone {
                others = List.copyOf(others);
            }
        }

        /** With the key, one of the others is there too. */
        record Needs(String key, List<String> others) implements Rule {

            public Needs {
                others = List.copyOf(others);
            }
        }
    }

    /** All of them, as one list. */
    @SafeVarargs
    static <T> List<T> joined(List<T>... lists) {
        List<T> all = new ArrayList<>();
        for (List<T> list : lists) {
            all.addAll(list);
        }
        return List.copyOf(all);
    }
}
