package dev.flujo.event.plan;

import dev.flujo.event.Ordered;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One job in many variants: each combination of the axes' values, without those that match an entry of {@code exclude} and
 * with what {@code include} adds.
 *
 * @param axes the values of each axis as the file has them
 * @param computed axes whose values an expression gives
 * @param includeComputed an expression that gives further entries of {@code include}
 * @param maxParallel how many cells may run at once; 0 means all
 * @param failFast whether the first cell that fails ends the others
 */
public record Matrix(
        Map<String, List<String>> axes,
        Map<String, String> computed,
        List<Map<String, String>> include,
        Optional<String> includeComputed,
        List<Map<String, String>> exclude,
        int maxParallel,
        boolean failFast) {

    /** One combination of values that a job was expanded to, with what its matrix says of all its cells. */
    public record Cell(Map<String, String> values, int maxParallel, boolean failFast) {

        public Cell {
            values = Ordered.copy(values);
        }
    }

    public Matrix {
        Map<String, List<String>> copied = new LinkedHashMap<>();
        Ordered.copy(axes).forEach((name, values) -> copied.put(name, List.copyOf(values)));
        axes = Ordered.copy(copied);
        computed = Ordered.copy(computed);
        include = include == null
                ? List.of()
                : include.stream().map(Ordered::copy).toList();
        includeComputed = includeComputed == null ? Optional.empty() : includeComputed;
        exclude = exclude == null
                ? List.of()
                : exclude.stream().map(Ordered::copy).toList();
    }

    /** Whether its cells follow from what other jobs give. */
    public boolean dynamic() {
        return !computed.isEmpty() || includeComputed.isPresent();
    }
}
