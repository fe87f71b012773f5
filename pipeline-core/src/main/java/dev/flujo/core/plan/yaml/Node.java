package dev.flujo.core.plan.yaml;

import java.util.List;
import java.util.Set;

/** A part of a YAML file as it is written: nothing is converted, everything knows its place. */
public sealed interface Node {

    Place place();

    Path path();

    /** What the node is, as a message says it. */
    String described();

    /** A text, by its source: {@code 3.10} is "3.10". */
    record Scalar(Place place, Path path, String text, boolean plain) implements Node {

        private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");

        /** Whether it stands for nothing. */
        public boolean absent() {
            return plain && NULLS.contains(text);
        }

        @Override
        public String described() {
            if (text.isEmpty()) {
                return "empty";
            }
            return absent() ? Quote.of(text) + ", which without quotes stands for nothing" : Quote.of(text);
        }
    }

    /** A list. */
    record Items(Place place, Path path, List<Node> items) implements Node {

        @Override
        public String described() {
            return "a list";
        }
    }

    /** A mapping, in the order of the file and without any key twice. */
    record Fields(Place place, Path path, List<Field> fields) implements Node {

        @Override
        public String described() {
            return "a mapping";
        }
    }

    /** Something that is reported already: who meets it stays silent. */
    record Unreadable(Place place, Path path) implements Node {

        @Override
        public String described() {
            return "unreadable";
        }
    }

    /** One key with its value. */
    record Field(Scalar key, Node value) {

        public String name() {
            return key.text();
        }
    }
}
