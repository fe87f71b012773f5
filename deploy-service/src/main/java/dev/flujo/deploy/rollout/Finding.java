package dev.flujo.deploy.rollout;

import java.util.Locale;

/** What one question of an analysis gave, and what follows from it. */
record Finding(Verdict verdict, String seen) {

    /** Such as {@code analysis errors fails: result 0.05}. */
    String sentence(String analysis) {
        return "analysis " + analysis
                + (verdict == Verdict.INCONCLUSIVE ? " is " : " ")
                + switch (verdict) {
                    case PASS -> "passes";
                    case FAIL -> "fails";
                    case INCONCLUSIVE -> verdict.name().toLowerCase(Locale.ROOT);
                }
                + ": " + seen;
    }
}
