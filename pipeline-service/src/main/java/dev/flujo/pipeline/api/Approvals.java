package dev.flujo.pipeline.api;

import dev.flujo.core.Decision;
import dev.flujo.core.run.Run;
import dev.flujo.core.run.RunCommand;
import dev.flujo.event.CommandEvent.AnswerApproval;
import dev.flujo.event.DerivedId;
import dev.flujo.event.Topic;
import dev.flujo.kit.problem.CommonProblem;
import dev.flujo.kit.problem.Problem;
import dev.flujo.kit.problem.ProblemKind;
import dev.flujo.pipeline.store.RunRow;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** Takes in what people say to jobs that wait for their consent: judged here by the history, and for good by the orchestrator. */
@ApplicationScoped
public class Approvals {

    private final Commands commands;
    private final RunLog log;

    Approvals(Commands commands, RunLog log) {
        this.commands = commands;
        this.log = log;
    }

    /** What somebody says. */
    record Said(boolean approved, Optional<String> comment, boolean older) {}

    /** Returns when Kafka has the answer. */
    void answer(RunRow row, String job, Said said) {
        boolean approved = said.approved();
        AnswerApproval answer = new AnswerApproval(
                row.project(),
                row.run(),
                job,
                approved,
                commands.by(),
                commands.groups(),
                said.comment(),
                said.older() ? Optional.of(true) : Optional.empty());
        check(row, answer);
        String id = DerivedId.of(
                        "answer",
                        row.run().toString(),
                        job,
                        commands.by(),
                        Boolean.toString(approved),
                        Boolean.toString(said.older()))
                .toString();
        commands.send(
                new Commands.Command(approved ? "job.approve" : "job.reject", Topic.COMMANDS, id, row.chain(), answer));
    }

    private void check(RunRow row, AnswerApproval answer) {
        RunCommand command = new RunCommand.Answer(
                answer.job(),
                answer.approved(),
                answer.by(),
                answer.groups(),
                answer.comment(),
                answer.older().orElse(false));
        Decision decision = Run.decide(RunLog.run(log.of(row.run())), command, commands.now());
        if (decision instanceof Decision.Rejected rejected) {
            throw new Problem(kind(rejected.reason()), rejected.detail()).with("runId", row.run());
        }
    }

    private static ProblemKind kind(Decision.Reason reason) {
        return switch (reason) {
            case JOB_UNKNOWN -> CommonProblem.NOT_FOUND;
            case NOT_ALLOWED -> ApiProblem.APPROVER_UNEXPECTED;
            case OUTDATED -> ApiProblem.APPROVAL_OUTDATED;
            case RUN_FINISHED -> ApiProblem.RUN_ALREADY_FINISHED;
            case RUN_UNKNOWN, NOT_WAITING, STALE_ATTEMPT, OUT_OF_ORDER, QUARANTINED, NOT_HELD, OTHER_COMMIT ->
                ApiProblem.JOB_NOT_WAITING;
        };
    }
}
