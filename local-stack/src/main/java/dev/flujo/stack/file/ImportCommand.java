package dev.flujo.stack.file;

import dev.flujo.core.plan.convert.Conversion;
import dev.flujo.core.plan.yaml.PlanProblem;
import dev.flujo.stack.StackException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Converts another system's file: the new one goes to standard output, what is left to do to standard error. */
@Command(
        name = "import",
        description = "Convert a file of GitHub Actions or GitLab CI: ./flujo import github FILE > .flujo.yml",
        mixinStandardHelpOptions = true)
public final class ImportCommand implements Callable<Integer> {

    /** Whose file it is. */
    enum From {
        github,
        gitlab
    }

    @Parameters(index = "0", paramLabel = "SYSTEM", description = "github or gitlab")
    private From from;

    @Parameters(index = "1", paramLabel = "FILE", description = "such as .github/workflows/ci.yml or .gitlab-ci.yml")
    private Path file;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Conversion conversion = convert();
        spec.commandLine().getOut().print(conversion.source());
        spec.commandLine().getOut().flush();
        PrintWriter left = spec.commandLine().getErr();
        conversion.notes().forEach(note -> left.println(file + ":" + note));
        List<PlanProblem> problems = conversion.problems();
        problems.forEach(problem -> left.println("the new file:" + problem));
        left.println(
                conversion.notes().isEmpty() && problems.isEmpty()
                        ? "All of it was converted."
                        : (conversion.notes().size() + problems.size()) + " things are left to do.");
        return 0;
    }

    private Conversion convert() {
        try {
            String text = Files.readString(file);
            String name = file.getFileName().toString().replaceFirst("\\.ya?ml$", "");
            return from == From.github ? Conversion.ofGithub(text, name) : Conversion.ofGitlab(text, "main");
        } catch (IOException e) {
            throw new StackException("Expected a text file in UTF-8 at " + file + ", but " + e, e);
        } catch (Conversion.Refused e) {
            throw new StackException(e.getMessage(), e);
        }
    }
}
