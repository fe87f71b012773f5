package dev.flujo.core.plan.shape;

import static dev.flujo.core.plan.shape.Limits.PATTERN;
import static dev.flujo.core.plan.shape.Words.span;
import static dev.flujo.core.plan.shape.Words.times;

import dev.flujo.core.plan.shape.Shape.Forms;
import dev.flujo.core.plan.shape.Shape.Keys;
import dev.flujo.core.plan.shape.Shape.Rule;
import dev.flujo.core.plan.shape.Shape.Table;
import dev.flujo.core.plan.shape.Shape.Text;
import java.util.List;
import java.util.Map;

/** What surrounds a job while it runs. */
final class PlacementShapes {

    static final Keys RESOURCES = new Keys(
                    "`resources`",
                    List.of(
                            Key.of(
                                    "cpu",
                                    Text.of(Formats.CPU, PATTERN),
                                    "the runner's",
                                    "processors: `2`, `0.5` or `500m`"),
                            Key.of("memory", Text.of(Formats.SIZE, PATTERN), "the runner's", "memory, such as `4Gi`"),
                            Key.of(
                                    "disk",
                                    Text.of(Formats.SIZE, PATTERN),
                                    "the runner's",
                                    "room in the workspace, such as `20Gi`"),
                            Key.of("gpu", new Shape.Whole(0, 16), "`0`", "graphics processors: 0 to 16")))
            .rules(new Rule.AnyOf(List.of("cpu", "memory", "disk", "gpu"), "add one"))
            .elsewhere(Map.of(
                    "cpus",
                    "cpu",
                    "mem",
                    "memory",
                    "storage",
                    "disk",
                    "ephemeral-storage",
                    "disk",
                    "limits",
                    "memory",
                    "requests",
                    "memory"))
            .such("resources: {cpu: 2, memory: 4Gi}");

    static final Keys READY = new Keys(
                    "`ready`",
                    List.of(
                            Key.of(
                                    "run",
                                    Text.of(Format.ANY, Limits.DESCRIPTION),
                                    "one of three",
                                    "a command inside of the service that ends with 0 once it can be used"),
                            Key.of(
                                    "http",
                                    Text.of(Formats.HTTP_PATH, PATTERN),
                                    "one of three",
                                    "a path on `port` that answers 2xx then"),
                            Key.of(
                                    "port",
                                    new Shape.Whole(1, 65535),
                                    "one of three",
                                    "a port that takes connections then: 1 to 65535"),
                            Key.of(
                                    "every",
                                    span(Limits.LONGEST_HEALTH),
                                    "`1s`",
                                    "how often it is asked: " + times(Limits.LONGEST_HEALTH)),
                            Key.of(
                                    "timeout",
                                    span(Limits.LONGEST_HEALTH),
                                    "`2m`",
                                    "how long until the job is given up: " + times(Limits.LONGEST_HEALTH))))
            .rules(
                    new Rule.AnyOf(List.of("run", "http", "port"), "add one"),
                    new Rule.Alone("run", List.of("http", "port"), "choose one"),
                    new Rule.Needs("http", List.of("port")))
            .elsewhere(
                    Map.of("command", "run", "cmd", "run", "path", "http", "interval", "every", "retries", "timeout"))
            .such("ready: {port: 5432}");

    static final Keys SERVICE = new Keys(
                    "a service",
                    List.of(
                            Key.required(
                                    "image",
                                    Words.IMAGE,
                                    "its container image; expressions are replaced",
                                    "such as `image: postgres:17`"),
                            Key.of("env", Words.ENV, "none", "its variables, as those of a job"),
                            Key.of("command", Text.of(Format.ANY, Limits.DESCRIPTION), "the image's", "what it runs"),
                            Key.of(
                                    "ready",
                                    Forms.of(
                                            Text.of(Format.ANY, Limits.DESCRIPTION),
                                            null,
                                            READY,
                                            "as a command or as a mapping such as `"
                                                    + READY.example().orElseThrow() + "`"),
                                    "at once",
                                    "how to see that it can be used: a command inside of it, or a mapping; the "
                                            + "steps wait for it")))
            .elsewhere(Map.of(
                    "ports",
                    "ready: {port: …}",
                    "healthcheck",
                    "ready",
                    "health",
                    "ready",
                    "variables",
                    "env",
                    "environment",
                    "env",
                    "alias",
                    "services.<name>",
                    "name",
                    "image",
                    "entrypoint",
                    "command"))
            .later("volumes", "options", "credentials", "privileged", "detach")
            .such("db: {image: postgres:17, ready: {port: 5432}}");

    static final Shape SERVICES = new Table(
            List.of("service", "services"),
            Formats.SERVICE_NAME,
            SERVICE,
            1,
            Limits.SERVICES,
            "remove some",
            List.of());

    private PlacementShapes() {}
}
