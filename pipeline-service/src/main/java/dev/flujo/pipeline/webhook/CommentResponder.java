package dev.flujo.pipeline.webhook;

import dev.flujo.pipeline.api.RequestCommand;
import dev.flujo.pipeline.api.RequestCommands;
import dev.flujo.pipeline.forge.Forges;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Does what comments on pull and merge requests ask for, for those who may. */
@ApplicationScoped
class CommentResponder {

    private final RequestCommands commands;
    private final Forges forges;

    CommentResponder(RequestCommands commands, Forges forges) {
        this.commands = commands;
        this.forges = forges;
    }

    /** What became of it; nothing where the comment asks for nothing. */
    Optional<Map<String, Object>> respond(String forge, String project, String delivery, RequestComment comment) {
        return comment.command(project, forge + " " + project + " " + delivery)
                .map(command -> answer(forge, command, comment));
    }

    private Map<String, Object> answer(String forge, RequestCommand command, RequestComment comment) {
        String by = forge + ":" + comment.by().name();
        String word = command.verb().word();
        Optional<String> whyNot = forges.whyNot(forge, command.project(), comment.by());
        if (whyNot.isPresent()) {
            String reason = "Expected somebody who may write to the repository to ask for /" + word + ", but " + by
                    + " is not known to be that: " + whyNot.get();
            commands.refuse(command, by, reason);
            return Map.of("result", "refused", "command", word, "reason", reason);
        }
        RequestCommands.Done done = commands.run(command, by);
        List<String> runs = done.runs().stream().map(UUID::toString).toList();
        return Map.of(
                "result", runs.isEmpty() ? "ignored" : "accepted", "command", word, "runs", runs, "left", done.left());
    }
}
