package dev.flujo.deploy.rollout;

import dev.flujo.deploy.rollout.Answered.Tally;
import dev.flujo.event.plan.Deploy.Analysis;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What follows from the answers of a stage's analyses, and when each is asked again. */
record Watching(List<Analysis> analyses) {

    Watching {
        analyses = List.copyOf(analyses);
    }

    /**
     * The analyses that are to be asked now; one of users' requests not before there can have been some, and a job that was
     * content not again.
     */
    List<Analysis> due(Answered answered, Instant entered, Instant now) {
        return analyses.stream()
                .filter(analysis -> analysis.job().isEmpty() || !said(analysis, answered, Verdict.PASS))
                .filter(analysis -> {
                    Optional<Instant> last = answered.tally(analysis.name()).map(Tally::at);
                    if (last.isEmpty() && analysis.requests().isEmpty()) {
                        return true;
                    }
                    return !now.isBefore(last.orElse(entered).plus(analysis.every()));
                })
                .toList();
    }

    /** Why the new version is bad, if it is: an analysis has failed more often than is forgiven. */
    Optional<String> failed(Answered answered) {
        return analyses.stream()
                .filter(analysis -> answered.tally(analysis.name())
                        .filter(tally -> tally.failures() > analysis.failureLimit())
                        .isPresent())
                .findFirst()
                .map(analysis -> sentence(analysis, answered));
    }

    /** Whether each has passed when it was asked last. */
    boolean passed(Answered answered) {
        return analyses.stream().allMatch(analysis -> said(analysis, answered, Verdict.PASS));
    }

    /** What a person is asked, because an analysis says neither. */
    Optional<String> inconclusive(Answered answered) {
        return analyses.stream()
                .filter(analysis -> said(analysis, answered, Verdict.INCONCLUSIVE))
                .findFirst()
                .map(analysis -> sentence(analysis, answered));
    }

    private static boolean said(Analysis analysis, Answered answered, Verdict verdict) {
        return answered.tally(analysis.name())
                .filter(tally -> tally.last() == verdict)
                .isPresent();
    }

    private static String sentence(Analysis analysis, Answered answered) {
        Tally tally = answered.tally(analysis.name()).orElseThrow();
        return new Finding(tally.last(), tally.seen()).sentence(analysis.name());
    }
}
