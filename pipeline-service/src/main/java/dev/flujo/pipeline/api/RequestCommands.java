package dev.flujo.pipeline.api;

import dev.flujo.event.CommandEvent;
import dev.flujo.event.CommandEvent.ApproveRun;
import dev.flujo.event.CommandEvent.CancelRun;
import dev.flujo.event.DerivedId;
import dev.flujo.event.Revision;
import dev.flujo.event.Topic;
import dev.flujo.kit.problem.Problem;
import dev.flujo.pipeline.store.CommitRuns;
import dev.flujo.pipeline.store.Requests;
import dev.flujo.pipeline.store.RunRow;
import dev.flujo.pipeline.store.RunState;
import dev.flujo.pipeline.store.Runs;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Does what comments on pull requests ask for, as if it were asked for over REST, in the name of who wrote the comment. The
 * same comment again asks for the same.
 */
@ApplicationScoped
public class RequestCommands {

    private static final int MOST_RUNS = 500;

    private final Commands commands;
    private final Audit audit;
    private final Reruns reruns;
    private final Requests requests;
    private final CommitRuns commits;
    private final Runs runs;

    /** What was done: the runs that it was done to, or that began with it, and what was left for which reason. */
    public record Done(List<UUID> runs, List<String> left) {

        public Done {
            runs = List.copyOf(runs);
            left = List.copyOf(left);
        }
    }

    RequestCommands(Commands commands, Audit audit, Reruns reruns, Requests requests, CommitRuns commits, Runs runs) {
        this.commands = commands;
        this.audit = audit;
        this.reruns = reruns;
        this.requests = requests;
        this.commits = commits;
        this.runs = runs;
    }

    /** Does it in the name of somebody who may. */
    public Done run(RequestCommand command, String by) {
        audit.onBehalfOf(by);
        Optional<Requests.Known> known = requests.find(command.project(), command.number());
        Optional<String> commit = command.commit().or(() -> known.map(Requests.Known::commit));
        if (commit.isEmpty()) {
            return left("Expected a pull request that Flujo has heard of, but it knows no #" + command.number());
        }
        if (command.begins().filter(begins -> !commit.get().startsWith(begins)).isPresent()) {
            return left("Expected the newest commit of #" + command.number() + ", which is " + commit.get()
                    + ", but the comment names " + command.begins().get());
        }
        List<RunRow> rows = runs.findAll(commits.of(command.project(), commit.get(), MOST_RUNS));
        return switch (command.verb()) {
            case RETEST -> retest(command, rows);
            case CANCEL -> cancel(rows);
            case OK_TO_TEST -> approve(command, rows);
        };
    }

    /** Says that somebody may not, and keeps a record of it. */
    public void refuse(RequestCommand command, String by, String reason) {
        audit.onBehalfOf(by);
        Commands.await(
                audit.refuse(command.project(), "request." + command.verb().word(), command.target(), reason));
    }

    private Done retest(RequestCommand command, List<RunRow> rows) {
        Map<UUID, RunRow> byId = rows.stream().collect(Collectors.toMap(RunRow::run, Function.identity(), (a, b) -> a));
        String key = DerivedId.of("comment", command.delivery()).toString();
        // A delivery that comes again wants what it has begun, also where that has failed by now.
        Set<UUID> begun = rows.stream()
                .map(row -> Reruns.id(row.run(), key))
                .filter(byId::containsKey)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        List<String> left = new ArrayList<>();
        for (CheckView check : CheckResource.newest(rows)) {
            if (check.ofChange()
                    && check.conclusion() == CheckView.Conclusion.FAILURE
                    && !begun.contains(check.run())) {
                RunRow row = byId.get(check.run());
                // Of a run that was cancelled nothing may have failed.
                RerunBody body = row.state() == RunState.CANCELLED ? RerunBody.ALL : RerunBody.FAILED;
                try {
                    begun.add(reruns.again(row, body, Optional.of(key)).run());
                } catch (Problem e) {
                    leaveOrThrow(left, e);
                }
            }
        }
        return done(
                begun, left, "Expected a check that has failed, but there is none; what succeeded is not done again");
    }

    private Done cancel(List<RunRow> rows) {
        List<UUID> cancelled = new ArrayList<>();
        for (RunRow row : rows) {
            if (ofChange(row) && !row.state().ended()) {
                String reason = "cancelled by " + commands.by();
                send("run.cancel", "cancel", row, new CancelRun(row.project(), row.run(), commands.by(), reason));
                cancelled.add(row.run());
            }
        }
        return done(cancelled, List.of(), "Expected a run that goes on, but there is none");
    }

    private Done approve(RequestCommand command, List<RunRow> rows) {
        List<UUID> approved = new ArrayList<>();
        List<String> left = new ArrayList<>();
        for (RunRow row : rows) {
            if (row.state() != RunState.HELD) {
                continue;
            }
            String commit = row.revision().flatMap(Revision::commit).orElseThrow();
            boolean seen = command.commit().isPresent()
                    || command.begins().isPresent()
                    || command.at()
                            .filter(at -> !at.isBefore(row.cause().receivedAt()))
                            .isPresent();
            if (seen) {
                send(
                        "run.approve",
                        "run.approve",
                        row,
                        new ApproveRun(row.project(), row.run(), commit, commands.by()));
                approved.add(row.run());
            } else {
                left.add("Expected a comment about commit " + commit + ", but it was written before that commit came;"
                        + " look at it, and comment again");
            }
        }
        return done(approved, left, "Expected a run that waits for approval, but there is none");
    }

    private void send(String action, String id, RunRow row, CommandEvent event) {
        String derived = DerivedId.of(id, row.run().toString()).toString();
        commands.send(new Commands.Command(action, Topic.COMMANDS, derived, row.chain(), event));
    }

    /** Outages are the whole request's; what one run refuses leaves the others. */
    private static void leaveOrThrow(List<String> left, Problem problem) {
        if (problem.kind().status() >= 500) {
            throw problem;
        }
        left.add(problem.getMessage());
    }

    /** Whether a run is of the change itself, and not of a time, of another run, or of what somebody started by hand. */
    private static boolean ofChange(RunRow row) {
        return switch (row.cause().kind()) {
            case PUSH, PULL_REQUEST, TAG, RERUN -> true;
            case SCHEDULE, MANUAL, API, KAFKA, UPSTREAM, DEPLOYMENT -> false;
        };
    }

    private static Done done(Collection<UUID> runs, List<String> left, String nothing) {
        return runs.isEmpty() && left.isEmpty() ? left(nothing) : new Done(List.copyOf(runs), left);
    }

    private static Done left(String reason) {
        return new Done(List.of(), List.of(reason));
    }
}
