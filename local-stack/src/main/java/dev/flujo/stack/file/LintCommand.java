package dev.flujo.stack.file;

import dev.flujo.core.plan.yaml.PlanProblem;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says what is wrong with files, each problem on a line that editors can jump to; needs nothing that runs. */
@Command(
        name = "lint",
        description = "Check pipeline files: all errors at once, with line, column and suggestion.",
        mixinStandardHelpOptions = true)
public final class LintCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "pipeline files, such as .flujo.yml")
    private List<Path> files;

    @Option(names = "--template", description = "the files are templates")
    private boolean template;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        int wrong = 0;
        for (Path file : files) {
            List<PlanProblem> problems = PipelineFile.read(file).problems(template);
            problems.forEach(problem -> out.println(file + ":" + problem));
            wrong += problems.isEmpty() ? 0 : 1;
            if (problems.isEmpty()) {
                out.println(file + " is right.");
            }
        }
        return wrong == 0 ? 0 : 1;
    }
}
