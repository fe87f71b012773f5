package dev.flujo.core.plan;

import dev.flujo.core.plan.expression.Evaluation;
import dev.flujo.core.plan.shape.Limits;
import dev.flujo.event.plan.Job;
import dev.flujo.event.plan.Matrix;
import dev.flujo.event.plan.Plan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The cells that a job's matrix is expanded to. */
public final class Cells {

    /** What would be more than this is not even counted out. */
    private static final long MOST_COMBINATIONS = 10_000;

    private static final int LONGEST_SLUG = 60;

    private Cells() {}

    /** A matrix that would have too many cells, or whose computed values are none. */
    public static final class Refused extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }

    /** One cell: the id of its job, and its values. */
    public record Named(String id, Map<String, String> values) {}

    /**
     * The cells of a job whose matrix has no expressions (any more), in the order of the axes. A cell that has no value of
     * an axis that others have has an empty one.
     *
     * @throws Refused if there are none, or more than a job may have
     */
    public static List<Named> of(Job job) {
        List<Map<String, String>> values = of(job.matrix().orElseThrow());
        List<Named> cells = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (Map<String, String> cell : values) {
            String id = job.id() + "." + slug(cell);
            for (int i = 2; !ids.add(id); i++) {
                id = job.id() + "." + slug(cell) + "-" + i;
            }
            cells.add(new Named(id, cell));
        }
        return cells;
    }

    /**
     * The plan with the cells of every matrix whose values stand in the file in place of its job.
     *
     * @throws Refused if a matrix has none, or more than a job may have
     */
    public static Plan expanded(Plan plan) {
        boolean none = plan.jobs().stream().allMatch(job -> job.matrix().isEmpty());
        return none
                ? plan
                : plan.with(plan.jobs().stream()
                        .flatMap(job -> job.matrix()
                                .filter(matrix -> !matrix.dynamic())
                                .map(matrix -> jobs(job).stream())
                                .orElseGet(() -> Stream.of(job)))
                        .toList());
    }

    /**
     * The jobs that the cells of a job are, whose matrix has no expressions (any more).
     *
     * @throws Refused if there are none, or more than a job may have
     */
    public static List<Job> jobs(Job job) {
        return of(job).stream().map(cell -> job(job, cell)).toList();
    }

    /** The job with another matrix, such as one whose expressions are evaluated. */
    public static Job withMatrix(Job job, Matrix matrix) {
        return Jobs.withMatrix(job, matrix);
    }

    /** The job that a cell is. */
    public static Job job(Job job, Named cell) {
        Matrix matrix = job.matrix().orElseThrow();
        return Jobs.withCell(job, cell.id(), new Matrix.Cell(cell.values(), matrix.maxParallel(), matrix.failFast()));
    }

    /**
     * The matrix with its expressions evaluated.
     *
     * @throws Refused if one gives no list of values
     */
    public static Matrix computed(Matrix matrix, Evaluation evaluation) {
        Map<String, List<String>> axes = new LinkedHashMap<>(matrix.axes());
        List<Map<String, String>> include = new ArrayList<>(matrix.include());
        try {
            matrix.computed()
                    .forEach((axis, expression) -> axes.put(
                            axis,
                            evaluation.list(expression).stream()
                                    .map(Cells::scalar)
                                    .toList()));
            matrix.includeComputed()
                    .ifPresent(expression ->
                            evaluation.list(expression).forEach(entry -> include.add(values(expression, entry))));
        } catch (Evaluation.Failure e) {
            throw new Refused(e.getMessage());
        }
        return new Matrix(
                axes,
                Map.of(),
                include,
                java.util.Optional.empty(),
                matrix.exclude(),
                matrix.maxParallel(),
                matrix.failFast());
    }

    /** How many combinations the axes have, before anything is excluded or included. */
    static long combinations(Matrix matrix) {
        long count = matrix.axes().isEmpty() ? 0 : 1;
        for (List<String> values : matrix.axes().values()) {
            count = Math.min(count * values.size(), Long.MAX_VALUE / 100_000);
        }
        return count;
    }

    private static List<Map<String, String>> of(Matrix matrix) {
        long combinations = combinations(matrix);
        if (combinations > MOST_COMBINATIONS) {
            throw tooMany(combinations);
        }
        List<Map<String, String>> cells = new ArrayList<>();
        if (combinations > 0) {
            combine(new ArrayList<>(matrix.axes().entrySet()), 0, new LinkedHashMap<>(), cells);
        }
        cells.removeIf(cell -> matrix.exclude().stream().anyMatch(entry -> agrees(cell, entry, entry.keySet())));
        int original = cells.size();
        for (Map<String, String> entry : matrix.include()) {
            include(entry, cells, original, matrix.axes().keySet());
        }
        if (cells.size() > Limits.CELLS) {
            throw tooMany(cells.size());
        }
        if (cells.isEmpty()) {
            throw new Refused("Expected at least one cell of the matrix, but it has none");
        }
        Set<String> named = new LinkedHashSet<>();
        cells.forEach(cell -> named.addAll(cell.keySet()));
        cells.forEach(cell -> named.forEach(axis -> cell.putIfAbsent(axis, "")));
        return cells;
    }

    private static Refused tooMany(long cells) {
        return new Refused("Expected at most " + Limits.CELLS + " cells of the matrix, but there are " + cells);
    }

    private static void combine(
            List<Map.Entry<String, List<String>>> axes,
            int at,
            Map<String, String> chosen,
            List<Map<String, String>> cells) {
        if (at == axes.size()) {
            cells.add(new LinkedHashMap<>(chosen));
            return;
        }
        for (String value : axes.get(at).getValue()) {
            chosen.put(axes.get(at).getKey(), value);
            combine(axes, at + 1, chosen, cells);
        }
    }

    /** An entry adds its values to every original cell whose axes it agrees with; one that finds none is a cell itself. */
    private static void include(
            Map<String, String> entry, List<Map<String, String>> cells, int original, Set<String> axes) {
        Set<String> shared = new HashSet<>(entry.keySet());
        shared.retainAll(axes);
        boolean added = false;
        for (int i = 0; i < original; i++) {
            if (agrees(cells.get(i), entry, shared)) {
                cells.get(i).putAll(entry);
                added = true;
            }
        }
        if (!added) {
            cells.add(new LinkedHashMap<>(entry));
        }
    }

    private static boolean agrees(Map<String, String> cell, Map<String, String> entry, Set<String> keys) {
        return keys.stream().allMatch(key -> entry.get(key).equals(cell.get(key)));
    }

    private static Map<String, String> values(String expression, Object entry) {
        if (!(entry instanceof Map<?, ?> map) || map.isEmpty()) {
            throw new Refused("Expected mappings of axes to values from `" + expression + "`, but there is `"
                    + Evaluation.written(entry) + "`");
        }
        Map<String, String> values = new LinkedHashMap<>();
        map.forEach((key, value) -> values.put(String.valueOf(key), scalar(value)));
        return values;
    }

    private static String scalar(Object value) {
        if (value instanceof Map || value instanceof List) {
            throw new Refused("Expected texts or numbers as values of the matrix, but there is `"
                    + Evaluation.written(value) + "`");
        }
        return Evaluation.written(value);
    }

    private static String slug(Map<String, String> cell) {
        String slug = cell.values().stream()
                .filter(value -> !value.isEmpty())
                .collect(Collectors.joining("-"))
                .replaceAll("[^A-Za-z0-9_]+", "-")
                .replaceAll("^-+|-+$", "");
        String cut = slug.length() > LONGEST_SLUG ? slug.substring(0, LONGEST_SLUG) : slug;
        return cut.isEmpty() ? "cell" : cut;
    }
}
