package dev.flujo.stack.file;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class FileCommandsTest {

    private static final String RIGHT = "name: shop\non: {push: {branches: main}}\njobs: {build: {steps: [make]}}\n";

    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private Path file;

    @BeforeEach
    void makeARepository() throws IOException {
        Files.createDirectory(directory.resolve(".git"));
        file = directory.resolve(".flujo.yml");
    }

    @Test
    void saysThatAFileIsRight() throws IOException {
        Files.writeString(file, RIGHT);

        assertEquals(0, run(new LintCommand(), file.toString()));
        assertEquals(file + " is right.\n", out.toString());
    }

    @Test
    void saysEverythingThatIsWrongWhereItStands() throws IOException {
        Files.writeString(file, "name: shop\nonn: push\njobs: {build: {stepz: [make]}}\n");

        assertEquals(1, run(new LintCommand(), file.toString()));
        assertEquals(
                file + ":2:1 Expected a key of a pipeline (`name`, `on`, `inputs`, `env`, `defaults`, `concurrency`,"
                        + " `timeout` or `jobs`), but `onn` is unknown; correct or remove it. Did you mean `on`?\n"
                        + file
                        + ":3:16 Expected a key of a job, but `stepz` is unknown; correct or remove it."
                        + " Did you mean `steps`?\n",
                out.toString());
    }

    @Test
    void findsTheTemplatesOfTheRepository() throws IOException {
        Files.createDirectories(directory.resolve("ci"));
        Files.writeString(directory.resolve("ci/java.yml"), "name: java\njobs: {compile: {steps: [make]}}\n");
        Files.writeString(file, "name: shop\njobs: {build: {uses: ./ci/java.yml}}\n");

        assertEquals(0, run(new LintCommand(), file.toString()));
        assertEquals(
                0,
                run(
                        new LintCommand(),
                        "--template",
                        directory.resolve("ci/java.yml").toString()));
    }

    @Test
    void foreseesWhatAnEventStarts() throws IOException {
        Files.writeString(file, RIGHT);

        assertEquals(0, run(new PlanCommand(), file.toString(), "push", "branch=main"));
        assertEquals("A run of shop starts:\n  build                    runs     it needs nothing\n", out.toString());
    }

    @Test
    void saysWhyAnEventStartsNothing() throws IOException {
        Files.writeString(file, RIGHT);

        assertEquals(0, run(new PlanCommand(), file.toString(), "push", "branch=next"));
        assertEquals("Nothing starts, a required check passes: its `branches` do not allow `next`\n", out.toString());
    }

    private int run(Object command, String... arguments) {
        CommandLine line = new CommandLine(command);
        line.setOut(new PrintWriter(out, true));
        return line.execute(arguments);
    }
}
