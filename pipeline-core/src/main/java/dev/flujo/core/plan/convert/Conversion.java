package dev.flujo.core.plan.convert;

import dev.flujo.core.plan.PlanReader;
import dev.flujo.core.plan.PlanReading;
import dev.flujo.core.plan.yaml.PlanProblem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A pipeline file that came of another system's, and what is left to do about it. */
public record Conversion(String source, List<Note> notes) {

    /** Something of the other file that was not converted: its line, what it is, and what to do. */
    public record Note(int line, String message) {

        @Override
        public String toString() {
            return line + ": " + message;
        }
    }

    /** A file that is none of the other system's. */
    public static final class Refused extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }

    public Conversion {
        notes = List.copyOf(notes);
    }

    /**
     * Of a workflow of GitHub Actions; {@code name} is what the pipeline is called where the file does not say.
     *
     * @throws Refused if it is none
     */
    public static Conversion ofGithub(String file, String name) {
        Notes notes = new Notes();
        return of(new GithubWorkflow(notes).convert(Part.read(file), name), notes);
    }

    /**
     * Of a pipeline of GitLab CI.
     *
     * @throws Refused if it is none
     */
    public static Conversion ofGitlab(String file, String name) {
        Notes notes = new Notes();
        return of(new GitlabPipeline(notes).convert(Part.read(file), name), notes);
    }

    private static Conversion of(Object pipeline, Notes notes) {
        List<Note> all = new ArrayList<>(notes.all());
        all.sort(Comparator.comparingInt(Note::line));
        return new Conversion(Yaml.write(pipeline), all);
    }

    /** What is wrong with the new file as it stands; the notes say where most of it comes from. */
    public List<PlanProblem> problems() {
        return PlanReader.read(source) instanceof PlanReading.Refused refused ? refused.problems() : List.of();
    }
}
