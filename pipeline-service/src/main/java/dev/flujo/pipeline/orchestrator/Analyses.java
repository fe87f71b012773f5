package dev.flujo.pipeline.orchestrator;

import dev.flujo.core.run.AnalysisRun;
import dev.flujo.core.run.Run;
import dev.flujo.core.run.RunCommand;
import dev.flujo.event.AnalysisEvent.AnalysisRequested;
import dev.flujo.event.AssignmentEvent.AnalysisAnswered;
import dev.flujo.event.Attempt;
import dev.flujo.event.DerivedId;
import dev.flujo.event.Envelope;
import dev.flujo.event.Outcome;
import dev.flujo.event.Topic;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Lets jobs answer what analyses of deployments ask: each question begins one run, and its end is the answer. */
final class Analyses {

    private final ProjectStores stores;
    private final Judgement judgement;
    private final Instant now;

    Analyses(ProjectStores stores, Judgement judgement, Instant now) {
        this.stores = stores;
        this.judgement = judgement;
        this.now = now;
    }

    /** A question; who asks it again has not got the answer. */
    void asked(Envelope envelope, AnalysisRequested question) {
        UUID run = question.run();
        Optional<EndedRun> ended = stores.runs().ended(run);
        if (ended.isPresent()) {
            answer(question, envelope.id(), envelope.chainId(), ended.get().outcome(), Optional.empty());
            return;
        }
        if (judgement.knows(run)) {
            stores.putAnalysis(question);
            return;
        }
        Optional<RunRow> row = stores.runs().run(question.attempt().run());
        Optional<Run> deploying = row.map(RunRow::run).filter(by -> !by.ended());
        Optional<String> refusal = AnalysisRun.refusal(deploying, question);
        if (refusal.isPresent()) {
            answer(question, envelope.id(), envelope.chainId(), Outcome.ERRORED, refusal);
            return;
        }
        RunCommand.Begin begin = AnalysisRun.of(deploying.orElseThrow(), question, now);
        String planKey = stores.runs()
                .planKey(
                        row.orElseThrow().planKey() + "/" + question.job(),
                        begin.queued().plan());
        stores.putAnalysis(question);
        judgement.begin(begin, planKey, row.get().chainId(), row.get().depth());
    }

    /** A run has ended that answers a question. */
    void answered(RunRow row) {
        Run run = row.run();
        stores.analysis(run.id()).ifPresent(question -> {
            stores.removeAnalysis(run.id());
            answer(question, "", row.chainId(), run.outcome().orElseThrow(), Optional.empty());
        });
    }

    /** Nobody waits any more for what this attempt has asked. */
    void deployed(Attempt attempt) {
        for (AnalysisRequested question : stores.analyses()) {
            if (question.attempt().equals(attempt)) {
                stores.removeAnalysis(question.run());
                judgement.tell(
                        question.run(), new RunCommand.Cancel("flujo", "the deployment that asked it has ended"));
            }
        }
    }

    private void answer(
            AnalysisRequested question, String cause, UUID chainId, Outcome outcome, Optional<String> reason) {
        judgement.send(
                Topic.ASSIGNMENTS,
                DerivedId.of("analysis", question.run().toString(), cause).toString(),
                chainId,
                new AnalysisAnswered(question.runner(), question.attempt(), question.run(), outcome, reason));
    }
}
