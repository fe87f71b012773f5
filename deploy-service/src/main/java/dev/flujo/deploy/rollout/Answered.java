package dev.flujo.deploy.rollout;

import dev.flujo.deploy.Target.Requests;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the analyses of a stage have answered so far.
 *
 * @param fresh what the target had counted for the new version when the stage began
 * @param old the same for the old one
 * @param tallies by the names of the analyses
 */
record Answered(Requests fresh, Requests old, Map<String, Tally> tallies) {

    static final Answered NOTHING = new Answered(new Requests(0, 0), new Requests(0, 0), Map.of());

    /** How often an analysis has answered and failed, what it said last, and when that was. */
    record Tally(int answers, int failures, Verdict last, String seen, Instant at) {}

    Answered {
        tallies = Map.copyOf(tallies);
    }

    static Answered from(Requests fresh, Requests old) {
        return new Answered(fresh, old, Map.of());
    }

    Optional<Tally> tally(String analysis) {
        return Optional.ofNullable(tallies.get(analysis));
    }

    Answered and(String analysis, Finding finding, Instant at) {
        int answers = tally(analysis).map(Tally::answers).orElse(0) + 1;
        int failures = tally(analysis).map(Tally::failures).orElse(0) + (finding.verdict() == Verdict.FAIL ? 1 : 0);
        Map<String, Tally> more = new TreeMap<>(tallies);
        more.put(analysis, new Tally(answers, failures, finding.verdict(), finding.seen(), at));
        return new Answered(fresh, old, more);
    }
}
