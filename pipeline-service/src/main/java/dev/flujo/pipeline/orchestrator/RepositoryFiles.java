package dev.flujo.pipeline.orchestrator;

import dev.flujo.core.plan.PlanReader;
import dev.flujo.core.plan.PlanReading;
import dev.flujo.core.plan.TemplateReader;
import dev.flujo.event.Definitions;
import dev.flujo.event.DerivedId;
import dev.flujo.event.JobEvent.DefinitionsRead;
import dev.flujo.event.JobEvent.SourceFile;
import dev.flujo.event.JobEvent.UnreadFile;
import dev.flujo.event.PipelineEvent.PipelineDefined;
import dev.flujo.event.RunEvent.Mistake;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** The pipelines that the files of a repository define, or what is wrong with those files. */
final class RepositoryFiles {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
    private static final String TEMPLATES = Definitions.TEMPLATES + "/";

    private final String project;
    private final Optional<String> repository;
    private final String by;
    private final Instant now;
    private final Function<String, Optional<String>> submitted;
    private final Map<String, String> templates = new HashMap<>();
    private final Map<String, String> pathsByPipeline = new HashMap<>();

    /** @param submitted the templates that files may name by their digests */
    RepositoryFiles(
            String project,
            Optional<String> repository,
            String by,
            Instant now,
            Function<String, Optional<String>> submitted) {
        this.project = project;
        this.repository = repository;
        this.by = by;
        this.now = now;
        this.submitted = submitted;
    }

    /** Each file that is no template, in the order of the report. */
    List<RepositoryFile> read(DefinitionsRead report) {
        for (SourceFile file : report.files()) {
            if (file.path().startsWith(TEMPLATES)) {
                templates.put("./" + file.path(), file.source());
            }
        }
        List<RepositoryFile> read = new ArrayList<>();
        for (SourceFile file : report.files()) {
            if (!file.path().startsWith(TEMPLATES)) {
                read.add(read(file));
            }
        }
        for (UnreadFile file : report.unread()) {
            read.add(RepositoryFile.wrong(file.path(), name(file.path()), file.reason()));
        }
        return read;
    }

    private RepositoryFile read(SourceFile file) {
        String pipeline = name(file.path());
        if (pipeline.equals(Definitions.PIPELINE)) {
            return RepositoryFile.wrong(
                    file.path(),
                    pipeline,
                    "Expected a file name of letters, digits and . _ -, at most 63 and the first a letter or digit,"
                            + " since the pipeline has the same; rename " + file.path());
        }
        String earlier = pathsByPipeline.putIfAbsent(pipeline, file.path());
        if (earlier != null) {
            return RepositoryFile.wrong(
                    file.path(),
                    pipeline,
                    "Expected one file for pipeline '" + pipeline + "', but " + earlier
                            + " defines it too; rename one of them");
        }
        Map<String, String> used = used(file.source());
        int length = file.source().length()
                + used.values().stream().mapToInt(String::length).sum();
        if (length > Definitions.MOST_BYTES_TOGETHER) {
            return RepositoryFile.wrong(
                    file.path(),
                    pipeline,
                    "Expected at most " + Definitions.MOST_BYTES_TOGETHER + " characters with all templates, but "
                            + file.path() + " has " + length + "; use fewer templates");
        }
        PlanReading reading = PlanReader.read(file.source(), used);
        if (reading instanceof PlanReading.Refused refused) {
            return new RepositoryFile.Wrong(
                    file.path(),
                    pipeline,
                    refused.problems().stream()
                            .map(problem -> new Mistake(problem.line(), problem.column(), problem.sentence()))
                            .toList());
        }
        PipelineDefined defined = new PipelineDefined(
                project,
                pipeline,
                DerivedId.version(repository.orElse(""), file.source(), used),
                repository,
                file.source(),
                by,
                now,
                used);
        return new RepositoryFile.Right(file.path(), Definition.of(defined, ((PlanReading.Readable) reading).plan()));
    }

    /** The templates that a file uses, and those that they use. */
    private Map<String, String> used(String source) {
        Map<String, String> used = new LinkedHashMap<>();
        Deque<String> open = new ArrayDeque<>(TemplateReader.references(source));
        while (!open.isEmpty()) {
            String reference = open.remove();
            Optional<String> template =
                    Optional.ofNullable(templates.get(reference)).or(() -> submitted.apply(reference));
            if (template.isPresent() && used.putIfAbsent(reference, template.get()) == null) {
                open.addAll(TemplateReader.references(template.get()));
            }
        }
        return used;
    }

    /** The pipeline that a file defines; that of readings where no pipeline can have such a name. */
    private static String name(String path) {
        if (!path.endsWith(Definitions.ENDING)) {
            return Definitions.PIPELINE;
        }
        String name = Definitions.pipeline(path);
        return NAME.matcher(name).matches() ? name : Definitions.PIPELINE;
    }
}
