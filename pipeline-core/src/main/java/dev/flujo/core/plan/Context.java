package dev.flujo.core.plan;

import dev.flujo.core.plan.expression.Evaluation;
import dev.flujo.core.plan.expression.EventField;
import dev.flujo.core.plan.expression.Programs;
import dev.flujo.event.Ordered;
import dev.flujo.event.plan.Binding;
import dev.flujo.event.plan.Input;
import dev.flujo.event.plan.Job;
import dev.flujo.event.plan.Matrix;
import dev.flujo.event.plan.Plan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the expressions of one run can ask: its event, its inputs, what the platform says of it, and the variables of its
 * pipeline, whose own expressions are evaluated once.
 */
public final class Context {

    private final Map<String, Object> event;
    private final Map<String, Object> inputs;
    private final Map<String, Object> run;
    private final Map<String, String> env;
    private final Programs programs = new Programs();

    /** How a needed job ended, and what it gives. */
    public record Need(String outcome, Map<String, String> outputs) {

        public Need {
            outputs = Map.copyOf(outputs);
        }
    }

    /**
     * The context of a run of this plan.
     *
     * @throws Evaluation.Failure if a variable of the pipeline has no value
     */
    public Context(Plan plan, Map<String, Object> event, Map<String, String> inputs, Map<String, String> run) {
        this.event = fields(event);
        this.run = new TreeMap<>(run);
        this.inputs = new TreeMap<>();
        plan.inputs().forEach((name, input) -> this.inputs.put(name, typed(input, inputs.get(name))));
        this.env = new LinkedHashMap<>();
        Evaluation evaluation = evaluation(Map.of());
        plan.env().forEach((name, value) -> this.env.put(name, evaluation.text(value)));
    }

    /** Every field that an event has, with a neutral value where it says nothing. */
    public static Map<String, Object> fields(Map<String, Object> known) {
        Map<String, Object> fields = new HashMap<>();
        for (EventField field : EventField.values()) {
            Object value = known.get(field.word());
            fields.put(field.word(), value == null ? field.nothing() : Evaluation.value(value));
        }
        return fields;
    }

    /** The pipeline's variables, in their order. */
    public Map<String, String> env() {
        return Ordered.copy(env);
    }

    /** Whether a checked expression asks for this variable. */
    public boolean asks(String expression, String variable) {
        return programs.names(expression).contains(variable);
    }

    /** For what concerns the run as a whole. */
    public Evaluation ofRun() {
        return evaluation(Map.of("env", env));
    }

    /** For a job, or a cell of it, that needs these jobs; a template's part sees its own inputs. */
    public Evaluation of(Job job, Map<String, Need> needs) {
        return of(job, needs, Map.of(), List.of());
    }

    /** The same, where there are more variables, and inside of further templates. */
    Evaluation of(
            Job job, Map<String, Need> needs, Map<String, String> moreEnv, List<Map<String, Binding>> moreBindings) {
        Map<String, String> around = new HashMap<>(env);
        around.putAll(moreEnv);
        Map<String, Object> variables = new HashMap<>();
        variables.put("env", around);
        variables.put("needs", needs(job, needs));
        variables.put("matrix", job.cell().map(Matrix.Cell::values).orElse(Map.of()));
        List<Map<String, Binding>> bindings = new ArrayList<>(job.bindings());
        bindings.addAll(moreBindings);
        return bound(variables, bindings);
    }

    /** Inside of templates that were given these values. */
    private Evaluation bound(Map<String, Object> variables, List<Map<String, Binding>> bindings) {
        Map<String, Object> seen = inputs;
        for (Map<String, Binding> given : bindings) {
            Map<String, Object> outer = new HashMap<>(variables);
            outer.put("inputs", seen);
            Evaluation evaluation = evaluation(outer);
            Map<String, Object> inner = new HashMap<>();
            given.forEach((name, binding) ->
                    inner.put(name, InputValues.typed(binding.kind(), evaluation.text(binding.value()))));
            seen = inner;
        }
        Map<String, Object> all = new HashMap<>(variables);
        all.put("inputs", seen);
        return evaluation(all);
    }

    /** Inside of a template, its own jobs go by the ids they have there. */
    private static Map<String, Object> needs(Job job, Map<String, Need> needs) {
        int dot = job.cell().isPresent()
                ? parent(job.id()).lastIndexOf('.')
                : job.id().lastIndexOf('.');
        String prefix = job.id().substring(0, dot + 1);
        Map<String, Object> seen = new HashMap<>();
        needs.forEach((id, need) -> {
            Map<String, Object> known = Map.of("outcome", need.outcome(), "outputs", need.outputs());
            seen.put(id, known);
            if (!prefix.isEmpty() && id.startsWith(prefix)) {
                seen.put(id.substring(prefix.length()), known);
            }
        });
        return seen;
    }

    private static String parent(String id) {
        return id.substring(0, Math.max(0, id.lastIndexOf('.')));
    }

    private Evaluation evaluation(Map<String, Object> more) {
        Map<String, Object> variables = new HashMap<>();
        variables.put("event", event);
        variables.put("inputs", inputs);
        variables.put("run", run);
        variables.putAll(more);
        return new Evaluation(variables, programs);
    }

    private static Object typed(Input input, String value) {
        return InputValues.typed(input.kind(), value == null ? InputValues.otherwise(input) : value);
    }
}
