package dev.flujo.core.plan.shape;

import static dev.flujo.core.plan.shape.Limits.PATTERN;
import static dev.flujo.core.plan.shape.Words.FLAG;
import static dev.flujo.core.plan.shape.Words.span;
import static dev.flujo.core.plan.shape.Words.times;

import dev.flujo.core.plan.shape.Shape.Forms;
import dev.flujo.core.plan.shape.Shape.Keys;
import dev.flujo.core.plan.shape.Shape.Text;
import dev.flujo.core.plan.shape.Shape.Word;
import java.util.List;
import java.util.Map;

/** What a job waits for, and when it is tried again. */
final class GateShapes {

    static final Keys GROUP = new Keys(
                    "`concurrency`",
                    List.of(
                            Key.of(
                                    "group",
                                    Text.computed(Formats.LINE, PATTERN),
                                    "pipeline and branch",
                                    "the group's name in the project; expressions are replaced"),
                            Key.of(
                                    "limit",
                                    new Shape.Whole(1, Limits.CONCURRENT),
                                    "`1`",
                                    "how many of the group may go on at once: 1 to " + Limits.CONCURRENT),
                            Key.of(
                                    "policy",
                                    new Word(List.of("queue", "cancel-older", "latest-only")),
                                    "`queue`",
                                    "what a new one means: all wait in their order (`queue`), older ones that "
                                            + "wait or run are cancelled (`cancel-older`), older ones that wait "
                                            + "are cancelled (`latest-only`)"),
                            Key.of("cancellable", FLAG, "`true`", "whether a newer one may end it while it runs")))
            .elsewhere(Map.of(
                    "cancel-in-progress",
                    "policy: cancel-older",
                    "name",
                    "group",
                    "max",
                    "limit",
                    "strategy",
                    "policy"))
            .such("concurrency: {group: production, policy: queue}");

    static final Shape CONCURRENCY = Forms.of(
            Text.computed(Formats.LINE, PATTERN),
            null,
            GROUP,
            "as a group's name or as a mapping such as `" + GROUP.example().orElseThrow() + "`");

    static final Keys ENVIRONMENT = new Keys(
                    "`environment`",
                    List.of(
                            Key.required(
                                    "name",
                                    Text.computed(Formats.ENVIRONMENT, PATTERN),
                                    "its name, made like a job's id; expressions are replaced",
                                    "such as `name: staging`"),
                            Key.of(
                                    "url",
                                    Text.computed(Formats.URL, Limits.DESCRIPTION),
                                    "none",
                                    "where people find it; expressions are replaced"),
                            Key.of(
                                    "ttl",
                                    span(Limits.LONGEST_WAIT),
                                    "stays",
                                    "how long after its last deployment it is taken down: "
                                            + times(Limits.LONGEST_WAIT))))
            .elsewhere(Map.of("auto_stop_in", "ttl", "expire", "ttl", "deployment_tier", "name"))
            .later("on_stop", "action", "kubernetes")
            .such("environment: {name: staging, url: \"https://…\"}");

    static final Keys APPROVAL = new Keys(
                    "`approval`",
                    List.of(
                            Key.of(
                                    "from",
                                    Forms.texts(Text.of(Formats.PRINCIPAL, PATTERN), Limits.APPROVERS),
                                    "all who may write",
                                    "who may consent: `user:NAME` or `group:NAME`, at most " + Limits.APPROVERS),
                            Key.of(
                                    "count",
                                    new Shape.Whole(1, Limits.APPROVERS),
                                    "`1`",
                                    "how many of them it takes: 1 to " + Limits.APPROVERS),
                            Key.of(
                                    "not-author",
                                    FLAG,
                                    "`false`",
                                    "neither who started the run nor the commit's author counts"),
                            Key.of(
                                    "expires",
                                    span(Limits.LONGEST_WAIT),
                                    "`7d`",
                                    "how long it waits for them; then the job fails: " + times(Limits.LONGEST_WAIT))))
            .elsewhere(Map.of(
                    "reviewers",
                    "from",
                    "required_approvals",
                    "count",
                    "groups",
                    "from",
                    "users",
                    "from",
                    "timeout",
                    "expires",
                    "expire",
                    "expires"))
            .such("approval: {from: group:sre}");

    static final Keys RETRY = new Keys(
                    "`retry`",
                    List.of(
                            Key.required(
                                    "max",
                                    new Shape.Whole(1, Limits.RETRIES),
                                    "how many further attempts: 1 to " + Limits.RETRIES,
                                    "such as `max: 2`"),
                            Key.of(
                                    "on",
                                    Forms.texts(Text.of(Formats.RETRY_REASON, PATTERN), 20),
                                    "`platform`",
                                    "after what: `platform` (not the job's fault), `timeout`, `disk-full`, "
                                            + "`resource-limit` (memory or processes), `failure` (any exit code but 0), "
                                            + "`exit:N`"),
                            Key.of(
                                    "backoff",
                                    span(Limits.LONGEST_HEALTH),
                                    "`10s`",
                                    "the pause before the second attempt, which doubles each time: "
                                            + times(Limits.LONGEST_HEALTH))))
            .elsewhere(Map.of(
                    "when",
                    "on",
                    "attempts",
                    "max",
                    "limit",
                    "max",
                    "exit_codes",
                    "on: [\"exit:N\"]",
                    "delay",
                    "backoff"))
            .such("retry: {max: 2, on: [failure]}");

    private GateShapes() {}
}
