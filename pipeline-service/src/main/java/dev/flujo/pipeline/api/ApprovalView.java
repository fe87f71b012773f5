package dev.flujo.pipeline.api;

import dev.flujo.event.JobEvent.ApprovalRequested;
import dev.flujo.event.JobEvent.JobApproved;
import dev.flujo.event.JobEvent.JobRejected;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Whose consent a job waits for, or has waited for, until when, and what they have said; nobody in {@code from}: all who may write. */
public record ApprovalView(
        List<String> from,
        int count,
        boolean notAuthor,
        Instant until,
        List<AnswerView> answers,
        Optional<UUID> outdatedBy) {

    /** What somebody has said. */
    public record AnswerView(String by, boolean approved, Optional<String> comment, Instant at) {

        static AnswerView of(JobApproved e) {
            return new AnswerView(e.by(), true, e.comment(), e.approvedAt());
        }

        static AnswerView of(JobRejected e) {
            return new AnswerView(e.by(), false, e.comment(), e.rejectedAt());
        }
    }

    static ApprovalView of(ApprovalRequested e) {
        return new ApprovalView(
                e.approval().from(),
                e.approval().count(),
                e.approval().notAuthor(),
                e.until(),
                List.of(),
                Optional.empty());
    }

    ApprovalView with(AnswerView answer) {
        List<AnswerView> more = new ArrayList<>(answers);
        more.add(answer);
        return new ApprovalView(from, count, notAuthor, until, List.copyOf(more), outdatedBy);
    }

    ApprovalView outdated(UUID by) {
        return new ApprovalView(from, count, notAuthor, until, answers, Optional.of(by));
    }

    /** Whether as many have consented as it takes. */
    boolean complete() {
        return answers.stream().filter(AnswerView::approved).count() >= count;
    }
}
