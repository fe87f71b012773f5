package dev.flujo.runner.executor.container;

import dev.flujo.event.plan.Placement.Resources;
import dev.flujo.runner.executor.RefusedException;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much of the machine a container gets.
 *
 * @param memory in bytes
 * @param nanoCpus billionths of a processor; 0 is no limit
 */
public record Limits(long memory, long nanoCpus, long pids) {

    private static final Pattern AMOUNT = Pattern.compile("([0-9]{1,12}(?:\\.[0-9]{1,9})?)([a-zA-Z]{0,2})");
    private static final BigDecimal NANOS = BigDecimal.valueOf(1_000_000_000);
    private static final long LEAST_MEMORY = 16L << 20;
    private static final Map<String, BigDecimal> UNITS = Map.ofEntries(
            Map.entry("", BigDecimal.ONE),
            Map.entry("m", new BigDecimal("0.001")),
            Map.entry("k", BigDecimal.valueOf(1000L)),
            Map.entry("M", BigDecimal.valueOf(1000_000L)),
            Map.entry("G", BigDecimal.valueOf(1000_000_000L)),
            Map.entry("T", BigDecimal.valueOf(1000_000_000_000L)),
            Map.entry("Ki", BigDecimal.valueOf(1L << 10)),
            Map.entry("Mi", BigDecimal.valueOf(1L << 20)),
            Map.entry("Gi", BigDecimal.valueOf(1L << 30)),
            Map.entry("Ti", BigDecimal.valueOf(1L << 40)));

    /** Those of a job that asks for nothing: without a number of processors there is no limit of them. */
    public static Limits of(long memory, Optional<BigDecimal> cpus, long pids) {
        return new Limits(
                memory, cpus.map(many -> many.multiply(NANOS).longValue()).orElse(0L), pids);
    }

    /** These, with what the job asks for in their place. */
    public Limits with(Resources asked) throws RefusedException {
        if (asked.gpu() > 0) {
            throw new RefusedException(
                    "Expected a job without graphics processors, since this runner gives none, but it asks for "
                            + asked.gpu());
        }
        long bytes = asked.memory().isPresent()
                ? amount("memory", asked.memory().get()).longValue()
                : memory;
        if (bytes < LEAST_MEMORY) {
            throw new RefusedException("Expected at least 16Mi of memory, but the job asks for "
                    + asked.memory().orElse(""));
        }
        long nanos = asked.cpu().isPresent()
                ? amount("cpu", asked.cpu().get()).multiply(NANOS).longValue()
                : nanoCpus;
        return new Limits(bytes, nanos, pids);
    }

    private static BigDecimal amount(String what, String text) throws RefusedException {
        Matcher matcher = AMOUNT.matcher(text);
        if (!matcher.matches() || !UNITS.containsKey(matcher.group(2))) {
            throw new RefusedException(
                    "Expected " + what + " as Kubernetes writes it, such as 2Gi or 500m, but found '" + text + "'");
        }
        return new BigDecimal(matcher.group(1)).multiply(UNITS.get(matcher.group(2)));
    }
}
