package dev.flujo.pipeline.webhook;

import dev.flujo.pipeline.api.RequestCommand;
import dev.flujo.pipeline.forge.ForgeUser;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A comment on a pull or merge request.
 *
 * @param commit the request's commit when the comment was written, where the forge says it
 * @param at when it was written
 */
record RequestComment(long number, Optional<String> commit, ForgeUser by, String text, Optional<Instant> at) {

    private static final Pattern LINE =
            Pattern.compile("^\\s*/(retest|cancel|ok-to-test)(?:[ \\t]+([0-9a-f]{7,64}))?\\s*$", Pattern.MULTILINE);

    /** The command that it gives: the first line that is nothing but one. */
    Optional<RequestCommand> command(String project, String delivery) {
        Matcher line = LINE.matcher(text);
        return line.find()
                ? Optional.of(new RequestCommand(
                        RequestCommand.Verb.of(line.group(1)),
                        project,
                        number,
                        commit,
                        Optional.ofNullable(line.group(2)),
                        at,
                        delivery))
                : Optional.empty();
    }
}
