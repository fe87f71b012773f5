package dev.flujo.deploy;

import dev.flujo.deploy.rollout.JobAnswers;
import dev.flujo.event.AnalysisEvent.AnalysisRequested;
import dev.flujo.event.AssignmentEvent.AnalysisAnswered;
import dev.flujo.event.Envelope;
import dev.flujo.event.Topic;
import dev.flujo.kit.event.EventPublisher;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/** Lets the orchestrator run the jobs that analyses ask, and hears how they have ended. */
final class AnalysisRuns implements JobAnswers {

    private static final Logger LOG = Logger.getLogger(AnalysisRuns.class);
    private static final URI SOURCE = URI.create("/flujo/deploy-service");

    /** Who has asked and hears nothing asks again: what was answered before is answered once more. */
    private static final Duration AGAIN = Duration.ofSeconds(30);

    private final String runner;
    private final EventPublisher publisher;
    private final Map<UUID, Instant> asked = new ConcurrentHashMap<>();
    private final Map<UUID, AnalysisAnswered> answers = new ConcurrentHashMap<>();

    AnalysisRuns(String runner, EventPublisher publisher) {
        this.runner = runner;
        this.publisher = publisher;
    }

    @Override
    public Optional<AnalysisAnswered> answer(Question question) {
        AnalysisAnswered answer = answers.remove(question.run());
        if (answer != null) {
            asked.remove(question.run());
            return Optional.of(answer);
        }
        Instant now = Instant.now();
        Instant before = asked.get(question.run());
        if (before == null || before.plus(AGAIN).isBefore(now)) {
            asked.put(question.run(), now);
            ask(question, now);
        }
        return Optional.empty();
    }

    /** Keeps an answer for whoever waits for it. */
    void heard(AnalysisAnswered answer) {
        if (asked.containsKey(answer.run())) {
            answers.put(answer.run(), answer);
        }
    }

    private void ask(Question question, Instant now) {
        AnalysisRequested event = new AnalysisRequested(
                question.project(),
                question.environment(),
                question.deployment(),
                question.attempt(),
                question.analysis(),
                question.job(),
                question.run(),
                question.address().toString(),
                runner);
        Envelope envelope = Envelope.of(UUID.randomUUID().toString(), SOURCE, now, question.deployment(), event);
        publisher
                .publish(Topic.DEPLOYS, envelope)
                .subscribe()
                .with(
                        done -> {},
                        failure -> LOG.warnf("job %s was not asked: %s", question.job(), failure.getMessage()));
    }
}
