package dev.flujo.core.plan.expression;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What an expression can ask of the event that started a run. Every event has every field; one that says nothing of it has
 * an empty text, 0, false, or an empty list or mapping, so that no expression fails for want of it.
 */
public enum EventField {
    KIND(
            Kind.TEXT,
            "what happened: `push`, `pull_request`, `tag`, `schedule`, `manual`, `api`, `kafka`, `upstream` or "
                    + "`deployment`"),
    BRANCH(Kind.TEXT, "the branch that the run works on; of a pull request the one that it comes from"),
    COMMIT(Kind.TEXT, "the commit that the run works on"),
    MESSAGE(Kind.TEXT, "the commit's message"),
    AUTHOR(
            Kind.TEXT,
            "the commit's author: by the user's name at the forge where that is known, else by the name in the commit"),
    BY(Kind.TEXT, "who stands behind the event"),
    PATHS(Kind.LIST, "the files that a push or pull request changes, as far as they are known"),
    TAG(Kind.TEXT, "the name of a new tag"),
    NUMBER(Kind.NUMBER, "the number of a pull request"),
    TITLE(Kind.TEXT, "its title"),
    BASE(Kind.TEXT, "the branch that it asks to be merged into"),
    ACTION(
            Kind.TEXT,
            "what happened to it: `opened`, `synchronize`, `reopened`, `ready_for_review`, `labeled`, "
                    + "`unlabeled` or `closed`"),
    DRAFT(Kind.FLAG, "whether it is a draft"),
    FORK(Kind.FLAG, "whether it comes from another repository"),
    LABELS(Kind.LIST, "its labels"),
    CRON(Kind.TEXT, "the schedule that was due"),
    TIMEZONE(Kind.TEXT, "the time zone of that schedule"),
    TOPIC(Kind.TEXT, "the topic of a Kafka record"),
    KEY(Kind.TEXT, "its key"),
    HEADERS(Kind.MAPPING, "its headers, as texts"),
    PAYLOAD(Kind.MAPPING, "what a Kafka record or a program's request carries, as JSON; a text where it is none"),
    PROJECT(Kind.TEXT, "the project of the pipeline that has finished"),
    PIPELINE(Kind.TEXT, "that pipeline"),
    RUN(Kind.TEXT, "the id of its run"),
    OUTCOME(Kind.TEXT, "how it, or a deployment, ended: `succeeded`, `failed`, `errored` or `cancelled`"),
    ENVIRONMENT(Kind.TEXT, "the environment that was deployed to"),
    ADDRESS(Kind.TEXT, "where the deployed application answers");

    private enum Kind {
        TEXT,
        NUMBER,
        FLAG,
        LIST,
        MAPPING
    }

    private final Kind kind;
    private final String says;

    EventField(Kind kind, String says) {
        this.kind = kind;
        this.says = says;
    }

    /** Its name in expressions. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Its value in an event that says nothing of it. */
    public Object nothing() {
        return switch (kind) {
            case TEXT -> "";
            case NUMBER -> 0L;
            case FLAG -> false;
            case LIST -> List.of();
            case MAPPING -> Map.of();
        };
    }

    /** What it is, for the reference. */
    public String says() {
        return says;
    }

    /** Whether the expression is only a field that is not true or false. */
    static boolean isNoCondition(String expression) {
        return Arrays.stream(values())
                .anyMatch(field -> field.kind != Kind.FLAG
                        && field.kind != Kind.MAPPING
                        && expression.strip().equals("event." + field.word()));
    }

    static List<String> words() {
        return Arrays.stream(values()).map(EventField::word).toList();
    }
}
