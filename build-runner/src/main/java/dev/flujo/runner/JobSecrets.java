package dev.flujo.runner;

import dev.flujo.event.Work;
import dev.flujo.event.plan.Job;
import dev.flujo.event.plan.Step;
import dev.flujo.runner.executor.RefusedException;
import dev.flujo.runner.log.SecretMask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The secrets that jobs get by name: files that whoever looks after the runner has put below a directory, one directory for
 * each project. They are read when an attempt begins, so a changed file needs no restart.
 */
final class JobSecrets {

    /** A process can be given no longer variable. */
    private static final int MOST_BYTES = 64 * 1024;

    private final Optional<Path> directory;

    JobSecrets(Optional<Path> directory) {
        this.directory = directory;
    }

    /**
     * The values of all secrets that the job or a step of it names.
     *
     * @throws RefusedException if one is not there, or cannot be kept secret
     */
    Map<String, String> of(Work work) throws RefusedException {
        Set<String> names = new LinkedHashSet<>(work.job().supplies().secrets());
        work.job().steps().forEach(step -> names.addAll(step.settings().secrets()));
        Map<String, String> values = new LinkedHashMap<>();
        for (String name : names) {
            values.put(name, value(work.project(), name));
        }
        return values;
    }

    /** The work with these values in the environment of those steps that get them: a step's own names go before the job's. */
    static Work given(Work work, Map<String, String> values) {
        if (values.isEmpty()) {
            return work;
        }
        Job job = work.job();
        List<String> usual = job.supplies().secrets();
        List<Step> steps = job.steps().stream()
                .map(step -> given(
                        step,
                        step.settings().secrets().isEmpty()
                                ? usual
                                : step.settings().secrets(),
                        values))
                .toList();
        Job withSecrets = new Job(
                job.id(),
                job.needs(),
                job.env(),
                steps,
                job.timeout(),
                job.artifacts(),
                job.junit(),
                job.deploy(),
                job.name(),
                job.gate(),
                job.placement(),
                job.tolerance(),
                job.supplies(),
                job.results(),
                job.matrix(),
                job.cell(),
                job.bindings());
        return new Work(
                work.project(),
                work.pipeline(),
                work.attempt(),
                withSecrets,
                work.revision(),
                work.env(),
                work.by(),
                work.artifacts(),
                work.outputs());
    }

    private static Step given(Step step, List<String> names, Map<String, String> values) {
        Map<String, String> env = new LinkedHashMap<>(step.env());
        names.forEach(name -> env.put(name, values.get(name)));
        return new Step(step.name(), step.run(), env, step.settings());
    }

    private String value(String project, String name) throws RefusedException {
        Path file = directory
                .map(all -> all.resolve(project).resolve(name))
                .orElseThrow(
                        () -> new RefusedException(
                                "Expected the secret '" + name
                                        + "', but the runner has no secrets; whoever looks after it sets FLUJO_RUNNER_SECRETS_DIRECTORY"));
        String value;
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > MOST_BYTES) {
                throw missing(
                        project, name, Files.isRegularFile(file) ? "its file is too long" : "the runner has no file");
            }
            value = Files.readString(file).replaceFirst("\\r?\\n$", "");
        } catch (IOException e) {
            throw missing(project, name, "its file cannot be read");
        }
        if (value.strip().length() < SecretMask.SHORTEST || value.indexOf(0) >= 0) {
            throw new RefusedException(
                    "Expected the secret '" + name + "' of project " + project + " to be text of at least "
                            + SecretMask.SHORTEST + " characters, but it is not, and no log could be kept free of it");
        }
        return value;
    }

    private static RefusedException missing(String project, String name, String why) {
        return new RefusedException("Expected the secret '" + name + "' of project " + project + ", but " + why
                + "; put its value into " + project + "/" + name
                + " below the runner's directory of secrets, or take the name out of `secrets`");
    }
}
