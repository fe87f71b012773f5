package dev.flujo.runner.executor.supervised;

import dev.flujo.event.plan.Condition;
import dev.flujo.event.plan.Step;
import java.util.List;

/** What is said to shells of steps that are not executed as most are: in bash, in the workspace, until one fails. */
final class StepControl {

    private StepControl() {}

    /** Assignments for the supervisor: when steps are executed, and which may fail; empty where all are as most. */
    static String of(List<Step> steps) {
        StringBuilder text = new StringBuilder();
        for (int step = 0; step < steps.size(); step++) {
            Step.Settings settings = steps.get(step).settings();
            String when = when(settings.condition());
            if (!when.equals("success")) {
                text.append("when[").append(step).append("]=").append(when).append('\n');
            }
            if (settings.continueOnError()) {
                text.append("forgive[").append(step).append("]=1\n");
            }
        }
        return text.toString();
    }

    private static String when(Condition condition) {
        if (condition.expression().isPresent()) {
            return "never";
        }
        if (condition.always()) {
            return "always";
        }
        return condition.onFailure() ? "failure" : "success";
    }

    /**
     * What the shell of a step does last before its script, to become another one: elsewhere, with another program, or under
     * a time limit; empty where it is as most.
     */
    static String place(Step step, int number) {
        Step.Settings settings = step.settings();
        String shell = settings.shell().orElse("bash");
        boolean usual = shell.equals("bash")
                && settings.timeout().isEmpty()
                && settings.workingDirectory().isEmpty();
        if (usual) {
            return "";
        }
        String limit = settings.timeout()
                .map(time -> "timeout -k 10 " + time.toSeconds() + " ")
                .orElse("");
        String place = settings.workingDirectory()
                .map(directory -> "cd '" + directory.replace("'", "'\\''") + "' || exit 1\n")
                .orElse("");
        return "set -- \"${PWD%/*}/steps/" + number + ".sh\"\n" + place + "exec " + limit + program(shell)
                + " \"$1\"\n";
    }

    private static String program(String shell) {
        return switch (shell) {
            case "sh" -> "sh -e";
            case "python" -> "python3";
            default -> "bash -e -o pipefail";
        };
    }
}
