package dev.flujo.scenario;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * Says to a shell what scenarios say to the dummy executor: their steps become commands, and each job gets a pool. Every other
 * character of their files stays where it is.
 */
final class ShellWords {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String pool;

    /** What stands in the place of a part of a file. */
    private record Edit(int from, int to, String text) {}

    /** @param pool of the jobs that name none */
    ShellWords(String pool) {
        this.pool = pool;
    }

    Scenario of(Scenario scenario) {
        Map<String, Object> fields = new LinkedHashMap<>(scenario.fields());
        fields.put("pipeline", file(scenario.pipeline()));
        Map<String, String> templates = scenario.templates();
        templates.replaceAll((name, text) -> file(text));
        fields.put("templates", templates);
        return new Scenario(scenario.file(), fields);
    }

    private String file(String text) {
        List<Edit> edits = new ArrayList<>();
        Node root = new Yaml().compose(new StringReader(text));
        steps(root, text, edits);
        field(root, "jobs").ifPresent(jobs -> fields(jobs).forEach(job -> job(job.getValueNode(), text, edits)));
        StringBuilder edited = new StringBuilder(text);
        edits.stream()
                .sorted(Comparator.comparing(Edit::from).reversed())
                .forEach(edit -> edited.replace(edit.from(), edit.to(), edit.text()));
        return edited.toString();
    }

    private void job(Node job, String text, List<Edit> edits) {
        steps(job, text, edits);
        if (field(job, "steps").isPresent() && field(job, "pool").isEmpty()) {
            int at = job.getStartMark().getIndex();
            edits.add(
                    text.charAt(at) == '{'
                            ? new Edit(at + 1, at + 1, "pool: " + pool + ", ")
                            : new Edit(
                                    at,
                                    at,
                                    "pool: " + pool + "\n"
                                            + " ".repeat(job.getStartMark().getColumn())));
        }
    }

    private void steps(Node owner, String text, List<Edit> edits) {
        field(owner, "steps").ifPresent(steps -> items(steps).forEach(step -> {
            if (field(step, "run").orElse(step) instanceof ScalarNode words) {
                int from = words.getStartMark().getIndex();
                edits.add(new Edit(from, end(words, text), quoted(commands(words.getValue()))));
            }
        }));
    }

    /** A block's mark is where the next line begins, or even what is on it. */
    private static int end(ScalarNode words, String text) {
        int end = words.getEndMark().getIndex();
        boolean block = "|>".indexOf(text.charAt(words.getStartMark().getIndex())) >= 0;
        return block ? text.lastIndexOf('\n', end - 1) : end;
    }

    /** YAML has JSON's strings. */
    private static String quoted(String text) {
        try {
            return JSON.writeValueAsString(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Optional<Node> field(Node node, String name) {
        return fields(node).stream()
                .filter(field -> field.getKeyNode() instanceof ScalarNode key
                        && key.getValue().equals(name))
                .map(NodeTuple::getValueNode)
                .findFirst();
    }

    private static List<NodeTuple> fields(Node node) {
        return node instanceof MappingNode mapping ? mapping.getValue() : List.of();
    }

    private static List<Node> items(Node node) {
        return node instanceof SequenceNode sequence ? sequence.getValue() : List.of();
    }

    String commands(String script) {
        return script.lines().map(this::command).collect(Collectors.joining("\n"));
    }

    private String command(String line) {
        String[] words = line.split(" ", 3);
        return switch (words[0]) {
            case "print" -> "printf '%s\\n' " + literal(line.substring("print ".length()));
            case "show" -> "printf '%s\\n' \"" + words[1] + "=$" + words[1] + "\"";
            case "output" -> "printf %s " + content(words[2]) + " > \"$FLUJO_OUTPUTS\"/" + literal(words[1]);
            case "write" ->
                "mkdir -p " + literal(directory(words[1])) + " && printf %s " + content(words[2]) + " > "
                        + literal(words[1]);
            case "wait" -> "sleep " + new BigDecimal(words[1]).movePointLeft(3);
            case "exit" -> line;
            case "fail-before" -> "test \"$FLUJO_ATTEMPT\" -ge " + words[1] + " || exit " + words[2];
            default -> ":";
        };
    }

    /** What is in a file; if jobs are, they are said to a shell too. */
    private String content(String written) {
        String text = written.replace("\\n", "\n");
        return literal(text.startsWith("jobs:") ? file(text) : text);
    }

    private static String directory(String file) {
        Path parent = Path.of(file).getParent();
        return parent == null ? "." : parent.toString();
    }

    private static String literal(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
