package dev.flujo.deploy.rollout;

import dev.flujo.deploy.Target;
import dev.flujo.deploy.Target.Version;
import dev.flujo.deploy.rollout.JobAnswers.Question;
import dev.flujo.event.AssignmentEvent.AnalysisAnswered;
import dev.flujo.event.DerivedId;
import dev.flujo.event.Outcome;
import dev.flujo.event.plan.Deploy.Analysis;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Asks the jobs of a stage's analyses, each question in a run of its own. */
final class JobInterview {

    private final Position position;
    private final Target target;
    private final JobAnswers answers;
    private final Map<UUID, Question> questions = new HashMap<>();
    private final Map<UUID, AnalysisAnswered> heard = new HashMap<>();

    JobInterview(Position position, Target target, JobAnswers answers) {
        this.position = position;
        this.target = target;
        this.answers = answers;
    }

    /** What follows from what the job says; empty while it says nothing. */
    Optional<Finding> ask(Analysis analysis, Sides sides, Answered before) {
        try {
            Optional<AnalysisAnswered> fresh = answer(analysis, sides, sides.fresh(), before);
            boolean compares = analysis.compare() && sides.old().isPresent();
            Optional<AnalysisAnswered> old =
                    compares ? answer(analysis, sides, sides.old().get(), before) : Optional.empty();
            return fresh.isEmpty() || (compares && old.isEmpty())
                    ? Optional.empty()
                    : Optional.of(finding(analysis, fresh.get(), old));
        } catch (IOException e) {
            return Optional.of(new Finding(Verdict.INCONCLUSIVE, "it could not be asked: " + e.getMessage()));
        }
    }

    private Optional<AnalysisAnswered> answer(Analysis analysis, Sides sides, Version about, Answered before)
            throws IOException {
        int earlier = before.tally(analysis.name()).map(Answered.Tally::answers).orElse(0);
        UUID run = DerivedId.of(
                "analysis",
                sides.fresh().deployment().toString(),
                about.deployment().toString(),
                Integer.toString(position.progress().stage()),
                analysis.name(),
                Integer.toString(earlier));
        if (!heard.containsKey(run)) {
            answers.answer(question(run, analysis, sides, about)).ifPresent(answer -> heard.put(run, answer));
        }
        return Optional.ofNullable(heard.get(run));
    }

    private Question question(UUID run, Analysis analysis, Sides sides, Version about) throws IOException {
        Question known = questions.get(run);
        if (known != null) {
            return known;
        }
        Question question = new Question(
                about.environment().project(),
                about.environment().name(),
                about.deployment(),
                sides.fresh().work().attempt(),
                analysis.name(),
                analysis.job().orElseThrow(),
                run,
                target.replica(about));
        questions.put(run, question);
        position.tell("analysis " + analysis.name() + " asks job " + question.job() + " in run " + run);
        return question;
    }

    /** What the platform spoiled, or a person has ended, says nothing of any version. */
    private static Finding finding(Analysis analysis, AnalysisAnswered fresh, Optional<AnalysisAnswered> old) {
        List<AnalysisAnswered> all =
                Stream.concat(Stream.of(fresh), old.stream()).toList();
        Optional<AnalysisAnswered> spoiled = all.stream()
                .filter(answer -> answer.outcome() == Outcome.ERRORED || answer.outcome() == Outcome.CANCELLED)
                .findFirst();
        if (spoiled.isPresent()) {
            AnalysisAnswered answer = spoiled.get();
            String why = answer.reason().map(reason -> ": " + reason).orElse(" (run " + answer.run() + ")");
            return new Finding(Verdict.INCONCLUSIVE, "its job was " + word(answer) + why);
        }
        Finding judged = Judgement.of(analysis, word(fresh), old.map(JobInterview::word));
        String runs = all.stream().map(answer -> answer.run().toString()).collect(Collectors.joining(", "));
        return new Finding(judged.verdict(), judged.seen() + " (run " + runs + ")");
    }

    /** As expressions have it; a job that had nothing to do found nothing wrong. */
    private static String word(AnalysisAnswered answer) {
        Outcome outcome = answer.outcome() == Outcome.SKIPPED ? Outcome.SUCCEEDED : answer.outcome();
        return outcome.name().toLowerCase(Locale.ROOT);
    }
}
