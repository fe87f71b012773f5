package dev.flujo.event.plan;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a job leaves besides its artifacts and JUnit reports.
 *
 * @param outputs names of values for the jobs that need it
 * @param expire how long its artifacts are kept
 * @param generate the file in which it says what further jobs the run has
 */
public record Results(
        List<String> outputs, Optional<Duration> expire, Keep keep, Reports reports, Optional<String> generate) {

    /** Nothing. */
    public static final Results NONE =
            new Results(List.of(), Optional.empty(), Keep.SUCCESS, Reports.NONE, Optional.empty());

    /** After which ends of a job its artifacts are kept. */
    public enum Keep {
        SUCCESS,
        FAILURE,
        ALWAYS
    }

    /** Patterns of files with what tools have found, by format. */
    public record Reports(List<String> ctrf, List<String> coverage, List<String> sarif, List<String> sbom) {

        /** None. */
        public static final Reports NONE = new Reports(List.of(), List.of(), List.of(), List.of());

        public Reports {
            ctrf = ctrf == null ? List.of() : List.copyOf(ctrf);
            coverage = coverage == null ? List.of() : List.copyOf(coverage);
            sarif = sarif == null ? List.of() : List.copyOf(sarif);
            sbom = sbom == null ? List.of() : List.copyOf(sbom);
        }
    }

    public Results {
        outputs = outputs == null ? List.of() : List.copyOf(outputs);
        expire = expire == null ? Optional.empty() : expire;
        Objects.requireNonNull(keep, "keep");
        Objects.requireNonNull(reports, "reports");
        generate = generate == null ? Optional.empty() : generate;
    }
}
