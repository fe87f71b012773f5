package dev.flujo.core.plan.shape;

import dev.flujo.core.plan.yaml.Node;
import dev.flujo.core.plan.yaml.Path;
import dev.flujo.core.plan.yaml.Place;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Changes one thing of a file, as people and generators do: a key, a value, a form. */
final class Mutations {

    private static final List<String> VALUES = List.of(
            "",
            " ",
            "~",
            "true",
            "false",
            "yes",
            "0",
            "1",
            "2",
            "17",
            "-5",
            "100",
            "257",
            "1001",
            "10m",
            "90s",
            "2h",
            "25h",
            "3d",
            "400d",
            "0s",
            "main",
            "Main Street",
            "../x",
            "/etc/passwd",
            "src/**",
            "!docs/**",
            "x",
            "exit:75",
            "exit:300",
            "platform",
            "queue",
            "cancel-older",
            "canary",
            "user:ana",
            "postgres:17",
            "PATH",
            "FLUJO_X",
            "TOKEN",
            "${{ event.branch }}",
            "${{ x",
            "echo $(params.x)",
            "https://example.com",
            "4Gi",
            "0 3 * * *",
            "* * * * * *",
            "refs/heads/main",
            "shop/build@sha256:" + "0123456789abcdef".repeat(4),
            "./build.yml",
            "two\nlines",
            "3.14",
            "\u200B",
            "x".repeat(300));

    private final Random random;
    private final List<String> keys;

    Mutations(Random random) {
        this.random = random;
        Set<String> known = new HashSet<>();
        Shape.joined(
                        PipelineShape.PIPELINE.keys(),
                        JobShape.JOB.keys(),
                        StepShape.STEP.keys(),
                        DeployShape.DEPLOY.keys(),
                        OnShape.ON.keys())
                .forEach(key -> known.add(key.name()));
        keys = known.stream().sorted().toList();
    }

    Node of(Node root) {
        List<Node> all = new ArrayList<>();
        collect(root, all);
        return replace(root, all.get(random.nextInt(all.size())));
    }

    private static void collect(Node node, List<Node> all) {
        all.add(node);
        if (node instanceof Node.Fields mapping) {
            mapping.fields().forEach(field -> collect(field.value(), all));
        } else if (node instanceof Node.Items list) {
            list.items().forEach(item -> collect(item, all));
        }
    }

    private Node replace(Node node, Node target) {
        if (node == target) {
            return changed(node);
        }
        if (node instanceof Node.Fields mapping) {
            return fields(mapping.fields().stream()
                    .map(field -> new Node.Field(field.key(), replace(field.value(), target)))
                    .toList());
        }
        if (node instanceof Node.Items list) {
            return items(
                    list.items().stream().map(item -> replace(item, target)).toList());
        }
        return node;
    }

    private Node changed(Node node) {
        if (node instanceof Node.Fields mapping && random.nextInt(4) > 0) {
            return mapping(mapping);
        }
        if (node instanceof Node.Items list && random.nextInt(4) > 0) {
            return list(list);
        }
        return switch (random.nextInt(6)) {
            case 0 -> items(List.of(node));
            case 1 -> fields(List.of(new Node.Field(text(key(), true), node)));
            case 2 -> items(List.of());
            case 3 -> fields(List.of());
            default -> value();
        };
    }

    private Node mapping(Node.Fields mapping) {
        List<Node.Field> fields = new ArrayList<>(mapping.fields());
        Set<String> names = new HashSet<>();
        fields.forEach(field -> names.add(field.name()));
        int at = fields.isEmpty() ? 0 : random.nextInt(fields.size());
        String other = key();
        if (random.nextBoolean() && !fields.isEmpty()) {
            fields.remove(at);
        } else if (!names.contains(other)) {
            fields.add(new Node.Field(
                    text(other, true),
                    fields.isEmpty() ? value() : fields.get(at).value()));
        }
        return fields(fields);
    }

    private Node list(Node.Items list) {
        List<Node> items = new ArrayList<>(list.items());
        if (random.nextBoolean() && !items.isEmpty()) {
            items.remove(random.nextInt(items.size()));
        } else {
            items.add(items.isEmpty() || random.nextBoolean() ? value() : items.get(0));
        }
        return items(items);
    }

    private String key() {
        return switch (random.nextInt(4)) {
            case 0 -> "unknown";
            case 1 -> "a key";
            default -> keys.get(random.nextInt(keys.size()));
        };
    }

    private Node value() {
        return text(VALUES.get(random.nextInt(VALUES.size())), random.nextBoolean());
    }

    /**
     * Only what YAML would read as this text stands without quotes. Numbers always do: 1 and "1" are one text to Flujo, and
     * two values to a schema, which matters where each entry of a list may stand only once.
     */
    private static Node.Scalar text(String text, boolean plain) {
        boolean possible = text.matches("[A-Za-z0-9.~-][A-Za-z0-9 .:/~@-]*") && !text.contains(": ");
        boolean number = text.matches("-?[0-9.]+");
        return new Node.Scalar(Place.START, Path.ROOT, text, possible && (plain || number));
    }

    private static Node fields(List<Node.Field> fields) {
        return new Node.Fields(Place.START, Path.ROOT, fields);
    }

    private static Node items(List<Node> items) {
        return new Node.Items(Place.START, Path.ROOT, items);
    }
}
