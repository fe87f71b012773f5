package dev.flujo.core.plan.shape;

import dev.flujo.core.plan.shape.Format.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** The formats of names and references in pipeline files. */
public final class Formats {

    /** What could be taken for something else: nothing that hides is in any name. */
    static final String HIDDEN = "[\\p{C}\\p{Zl}\\p{Zp}]";

    private static final String ID = "[A-Za-z][A-Za-z0-9_-]{0,62}";
    private static final String PIPELINE_ID = "[A-Za-z0-9][A-Za-z0-9._-]{0,62}";
    private static final String ID_MADE_OF = " of letters, digits, `_` and `-` that starts with a letter (at most 63)";

    static final Format PIPELINE_NAME = new Format(
            "a pipeline's name of letters, digits, `.`, `_` and `-` that starts with a letter or digit (at most 63)",
            List.of(Rule.whole(PIPELINE_ID, "it is {}; rename it")),
            text -> dashed(text, "[^A-Za-z0-9._-]+"));

    static final Format JOB_ID = id("a job's id");
    static final Format ENVIRONMENT = id("an environment's name");
    static final Format INPUT_NAME = id("an input's name");
    static final Format SERVICE_NAME = id("a service's name");
    static final Format AXIS = id("an axis of the matrix with a name");
    static final Format OUTPUT = id("an output's name");
    static final Format POOL = id("a pool's name");
    static final Format PLAIN_ID = id("a name");

    static final Format PROJECT = PIPELINE_NAME.called(
            "a project's name of letters, digits, `.`, `_` and `-` that starts with a letter or digit (at most 63)");

    static final Format LINE = new Format(
            "text that can be read in one line",
            List.of(Rule.not(HIDDEN, "it has a character that nobody sees, or a line end: {}; remove that")),
            UnaryOperator.identity());

    /** Names that change how the runner itself starts programs. */
    public static final List<String> RESERVED = List.of(
            "ENV",
            "IFS",
            "CDPATH",
            "PS4",
            "GLOBIGNORE",
            "PROMPT_COMMAND",
            "SHELLOPTS",
            "DOCKER_CONFIG",
            "DOCKER_CONTEXT",
            "DOCKER_HOST",
            "SSH_ASKPASS",
            "GCONV_PATH",
            "GLIBC_TUNABLES",
            "JAVA_TOOL_OPTIONS",
            "_JAVA_OPTIONS",
            "JDK_JAVA_OPTIONS",
            "PERL5OPT",
            "RUBYOPT",
            "PYTHONSTARTUP");

    /** What such names begin with. */
    public static final List<String> RESERVED_PREFIXES = List.of("GIT_", "LD_", "DYLD_", "BASH");

    static final Format VARIABLE = new Format(
            "a variable of your own",
            List.of(
                    Rule.whole(
                            "[A-Za-z_][A-Za-z0-9_]*",
                            "is not made of letters, digits and `_` without a digit in front; rename it"),
                    Rule.not("^FLUJO_", "is one of Flujo's, as all names with `FLUJO_` are; rename it"),
                    Rule.not(
                            "^PATH$",
                            "belongs to the runner; extend it inside a script: `export PATH=\"$PWD/bin:$PATH\"`"),
                    Rule.not(
                            "^(?:" + String.join("|", RESERVED) + ")$|^(?:" + String.join("|", RESERVED_PREFIXES) + ")",
                            "changes how the runner starts programs; set it inside a script where it is needed")),
            text -> text.strip().replaceAll("[^A-Za-z0-9_]+", "_"));

    static final Format SECRET = VARIABLE.called("the name of a secret, which is also the variable that holds it");

    static final Format LABEL = new Format(
            "a label of letters, digits and `._/=-` that starts with a letter or digit (at most 63)",
            List.of(Rule.whole("[A-Za-z0-9][A-Za-z0-9._/=-]{0,62}", "it is {}; rename it")),
            UnaryOperator.identity());

    static final Format PRINCIPAL = new Format(
            "`user:NAME` or `group:NAME`",
            List.of(Rule.whole("(?:user|group):[A-Za-z0-9][A-Za-z0-9._@-]{0,62}", "it is {}; correct it")),
            text -> text.contains(":") ? text.replaceFirst("^[^:]*:", "group:") : "group:" + text);

    static final Format IMAGE = new Format(
            "the name of a container image",
            List.of(
                    Rule.not("^-", "is an option; write the image's name alone"),
                    Rule.whole(
                            "[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?::[0-9]{1,5})?(?:/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*"
                                    + "(?::[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?(?:@sha256:[0-9a-f]{64})?",
                            "is none; write `registry/name:tag` or `name@sha256:…`")),
            UnaryOperator.identity());

    static final Format TEMPLATE = new Format(
            "a template by its digest, such as `shop/build@sha256:…`, or a file of this repository, such as "
                    + "`./build.yml`",
            List.of(
                    Rule.not(
                            "^actions/checkout@",
                            "is not needed: every job begins with a checkout of the run's commit; remove the step"),
                    Rule.not(
                            "^actions/setup-",
                            "is not needed: name an image with the tools in `image`; remove the step"),
                    Rule.not("^actions/cache@", "has its own word here; write `cache` in the job"),
                    Rule.not(
                            "^actions/(?:upload|download)-artifact@",
                            "has its own word here; write `artifacts` in the job"),
                    Rule.whole(
                            PIPELINE_ID + "/" + PIPELINE_ID + "@sha256:[0-9a-f]{64}"
                                    + "|\\./(?:[A-Za-z0-9_.-]*[A-Za-z0-9_-][A-Za-z0-9_.-]*/)*[A-Za-z0-9_.-]*[A-Za-z0-9_-]"
                                    + "\\.ya?ml",
                            "is neither; a name alone could become something else over night")),
            UnaryOperator.identity());

    static final Format TOPIC = new Format(
            "the name of a Kafka topic",
            List.of(
                    Rule.not(
                            "^flujo\\.",
                            "is one of Flujo's own; use `upstream` or `deployment` for what happens in Flujo"),
                    Rule.whole(
                            "[A-Za-z0-9._-]{1,249}",
                            "is none; it has other characters than letters, digits and `._-`")),
            UnaryOperator.identity());

    static final Format CRON = new Format(
            "five fields: minute, hour, day of the month, month, day of the week",
            List.of(
                    Rule.not("^@", "is a name; write the five fields, such as `0 3 * * *`"),
                    Rule.not("^\\S+(?: +\\S+){5,}$", "has more, and runs do not start by the second; remove some"),
                    Rule.whole("\\S+(?: +\\S+){4}", "has less; write all five, such as `0 3 * * *`")),
            String::strip);

    static final Format ZONE = new Format(
            "the name of a time zone, such as `Europe/Berlin` or `UTC`",
            List.of(Rule.whole("[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+){0,2}", "it is {}; correct it")),
            UnaryOperator.identity());

    static final Format CPU = new Format(
            "processors such as `2`, `0.5` or `500m`",
            List.of(Rule.whole("[0-9]{1,4}(?:\\.[0-9]{1,3})?|[0-9]{1,6}m", "it is {}; correct it")),
            UnaryOperator.identity());

    static final Format SIZE = new Format(
            "a size such as `512Mi` or `4Gi`",
            List.of(Rule.whole("[1-9][0-9]{0,5}(?:Mi|Gi|Ti|M|G|T)", "it is {}; correct it")),
            text -> text.replaceFirst("(?i)^([0-9]+) *(m|g|t)i?b?$", "$1$2i")
                    .replace("mi", "Mi")
                    .replace("gi", "Gi"));

    static final Format SHARE = new Format(
            "a number such as `1` or a share such as `25%`",
            List.of(Rule.whole("[0-9]{1,3}%?", "it is {}; correct it")), UnaryOperator.identity());

    static final Format URL = new Format(
            "an address that starts with `https://` or `http://`",
            List.of(Rule.whole("https?://[^\\s\"<>\\\\^`{|}]{1,2000}", "it is {}; correct it")),
            text -> "https://" + text);

    static final Format HTTP_PATH = new Format(
            "a path of the application such as `/health`",
            List.of(
                    Rule.not("\\.\\.|//", "it is {}; write it from the first `/` on, without host and port"),
                    Rule.whole(
                            "/(?:[A-Za-z0-9._~%=&?+,;@-][A-Za-z0-9/._~%=&?+,;@-]*)?",
                            "it is {}; write it from the first `/` on, without host and port")),
            text -> "/" + text);

    static final Format RETRY_REASON = new Format(
            "`platform`, `timeout`, `disk-full`, `resource-limit`, `failure` or `exit:N` with N from 1 to 255",
            List.of(Rule.whole(
                    "platform|timeout|disk-full|resource-limit|failure|exit:" + NumberPattern.between(1, 255),
                    "it is {}; correct it")),
            Formats::retryReason);

    static final Format EXPRESSION = new Format(
            "an expression",
            List.of(Rule.whole("\\$\\{\\{[\\s\\S]*\\}\\}", "it is {}; write a list, or `${{ … }}` that gives one")),
            UnaryOperator.identity());

    private Formats() {}

    private static Format id(String what) {
        return new Format(
                what + ID_MADE_OF,
                List.of(Rule.whole(ID, "it is {}; rename it")),
                text -> dashed(text, "[^A-Za-z0-9_-]+"));
    }

    private static String dashed(String name, String others) {
        return name.strip().replaceAll(others, "-").replaceFirst("-$", "");
    }

    private static String retryReason(String text) {
        if (text.matches("[0-9]+")) {
            return "exit:" + text;
        }
        return switch (text) {
            case "infra", "runner_system_failure", "error", "errored" -> "platform";
            case "script_failure", "failed", "always", "any" -> "failure";
            case "timeouts", "stuck_or_timeout_failure" -> "timeout";
            default -> text;
        };
    }

    /** All that two formats demand. */
    static List<Rule> both(List<Rule> first, List<Rule> second) {
        List<Rule> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }
}
