package dev.flujo.pipeline.api;

import java.time.Instant;
import java.util.Optional;

/**
 * What somebody asks for in a comment on a pull or merge request.
 *
 * @param commit the request's commit when the comment was written, where that is known
 * @param begins how the commit begins that is meant, where the comment says it
 * @param at when the comment was written, where that is known
 * @param delivery tells the comment from others, and is the same again when it is delivered again
 */
public record RequestCommand(
        Verb verb,
        String project,
        long number,
        Optional<String> commit,
        Optional<String> begins,
        Optional<Instant> at,
        String delivery) {

    /** What can be asked for. */
    public enum Verb {
        RETEST("retest"),
        CANCEL("cancel"),
        OK_TO_TEST("ok-to-test");

        private final String word;

        Verb(String word) {
            this.word = word;
        }

        /** The word behind the slash. */
        public String word() {
            return word;
        }

        /** The verb that the word stands for, which has to be one of them. */
        public static Verb of(String word) {
            for (Verb verb : values()) {
                if (verb.word.equals(word)) {
                    return verb;
                }
            }
            throw new IllegalArgumentException("Expected a command, but it is " + word);
        }
    }

    /** What it is about, for people. */
    String target() {
        return project + "#" + number;
    }
}
