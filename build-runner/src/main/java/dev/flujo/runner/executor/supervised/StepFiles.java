package dev.flujo.runner.executor.supervised;

import dev.flujo.event.Work;
import dev.flujo.event.plan.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the shells of steps read: each step's script and environment, and what is said of steps out of the ordinary. */
public final class StepFiles {

    private static final String ATTEMPT = "FLUJO_ATTEMPT_ID";

    private StepFiles() {}

    /** Writes them into the directory, for steps that all have this environment. */
    public static void write(Path directory, Work work, Map<String, String> environment) throws IOException {
        List<Step> steps = work.job().steps();
        Map<String, String> whole = new LinkedHashMap<>(environment);
        whole.put(ATTEMPT, work.attempt().id());
        Files.writeString(directory.resolve("env"), exports(whole));
        for (int i = 0; i < steps.size(); i++) {
            Files.writeString(directory.resolve(i + ".sh"), steps.get(i).run());
            Files.writeString(
                    directory.resolve(i + ".env"),
                    ". ../steps/env\n" + exports(steps.get(i).env()) + StepControl.place(steps.get(i), i));
        }
        String control = StepControl.of(steps);
        if (!control.isEmpty()) {
            Files.writeString(directory.resolve("control"), control);
        }
    }

    /** Assignments that a shell reads back as they are, whatever the values contain. */
    private static String exports(Map<String, String> environment) {
        StringBuilder text = new StringBuilder();
        environment.forEach((name, value) -> text.append("export ")
                .append(name)
                .append("='")
                .append(value.replace("'", "'\\''"))
                .append("'\n"));
        return text.toString();
    }
}
