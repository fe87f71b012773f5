package dev.flujo.deploy.rollout;

import dev.flujo.event.AssignmentEvent.AnalysisAnswered;
import dev.flujo.event.Attempt;
import java.net.URI;
import java.util.Optional;
import java.util.UUID;

/** Where jobs answer what analyses ask. */
public interface JobAnswers {

    /**
     * What one job is asked once.
     *
     * @param deployment what is asked about
     * @param attempt the attempt that deploys
     * @param run the run in which the job answers; the question is the same one where this is the same
     * @param address where a replica of what is asked about answers
     */
    record Question(
            String project,
            String environment,
            UUID deployment,
            Attempt attempt,
            String analysis,
            String job,
            UUID run,
            URI address) {}

    /** The answer, as soon as there is one; until then the question is put again whenever it may have been lost. */
    Optional<AnalysisAnswered> answer(Question question);
}
