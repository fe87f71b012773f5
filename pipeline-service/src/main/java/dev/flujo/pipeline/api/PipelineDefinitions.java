package dev.flujo.pipeline.api;

import dev.flujo.core.plan.PlanReader;
import dev.flujo.core.plan.PlanReading;
import dev.flujo.core.plan.yaml.PlanProblem;
import dev.flujo.event.DerivedId;
import dev.flujo.event.PipelineEvent;
import dev.flujo.event.PipelineEvent.PipelineDefined;
import dev.flujo.event.PipelineEvent.PipelineRead;
import dev.flujo.event.PipelineEvent.SourceDeclared;
import dev.flujo.event.Topic;
import dev.flujo.event.plan.Plan;
import dev.flujo.kit.problem.CommonProblem;
import dev.flujo.kit.problem.Problem;
import dev.flujo.pipeline.messaging.DefinitionsAhead;
import dev.flujo.pipeline.store.Pipelines;
import dev.flujo.pipeline.store.Sources;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;

/** Takes definitions of pipelines in. */
@ApplicationScoped
public class PipelineDefinitions {

    /** What fits on the log, escaped as JSON. */
    private static final int MOST_BYTES = 768 * 1024;

    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final Duration PAUSE = Duration.ofMillis(10);
    private static final Logger LOG = Logger.getLogger(PipelineDefinitions.class);

    private final Commands commands;
    private final Pipelines pipelines;
    private final Sources sources;
    private final Repositories repositories;
    private final KnownTemplates known;
    private final DefinitionsAhead ahead;

    /** What has been taken in, and whether that version was not there before. */
    record Taken(PipelineDefined defined, boolean fresh) {}

    PipelineDefinitions(
            Commands commands,
            Pipelines pipelines,
            Sources sources,
            Repositories repositories,
            KnownTemplates known,
            DefinitionsAhead ahead) {
        this.commands = commands;
        this.pipelines = pipelines;
        this.sources = sources;
        this.repositories = repositories;
        this.known = known;
        this.ahead = ahead;
    }

    /** Checks the definition and puts it on the log; returns when it can be read back, if that is soon. */
    Taken take(String project, String pipeline, String source, Map<String, String> given, Optional<String> repository) {
        repository.ifPresent(repositories::check);
        Map<String, String> templates = known.with(source, given);
        checkSize(source, templates);
        plan(PlanReader.read(source, templates));
        checkSource(project);
        PipelineDefined defined = new PipelineDefined(
                project,
                pipeline,
                DerivedId.version(repository.orElse(""), source, templates),
                repository,
                source,
                commands.by(),
                commands.now(),
                templates);
        boolean fresh = !isKnown(defined);
        UUID id = UUID.randomUUID();
        commands.send(new Commands.Command("pipeline.define", Topic.PIPELINES, id.toString(), id, defined));
        awaitReadable(defined);
        return new Taken(defined, fresh);
    }

    /** Whether something was defined, here or elsewhere, that the history does not have yet: what it says of the pipeline is old. */
    boolean isUnread(String project, String pipeline) {
        try {
            return ahead.of(project).stream().anyMatch(event -> isUnread(event, pipeline));
        } catch (KafkaException e) {
            LOG.debugf(e, "nobody can say how far the history is");
            return true;
        }
    }

    private boolean isUnread(PipelineEvent event, String pipeline) {
        if (event instanceof PipelineDefined defined) {
            return defined.pipeline().equals(pipeline) && !isReadable(defined);
        }
        if (event instanceof PipelineRead read) {
            return read.pipeline().equals(pipeline) && !isReadable(read.defined());
        }
        return event instanceof SourceDeclared declared
                && sources.last(declared.project())
                        .filter(last -> !last.declaredAt().isBefore(declared.declaredAt()))
                        .isEmpty();
    }

    /** The text of a file; where its bytes are none, the problem says at which place. */
    static String text(byte[] file) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(file))
                    .toString();
        } catch (CharacterCodingException e) {
            plan(PlanReader.read(file));
            throw new AssertionError("a plan was read of what is no UTF-8", e);
        }
    }

    /** The plan of a file that is right; a problem with everything that is wrong with it otherwise. */
    static Plan plan(PlanReading reading) {
        if (reading instanceof PlanReading.Readable readable) {
            return readable.plan();
        }
        if (reading instanceof PlanReading.Refused refused) {
            throw invalid("a pipeline file", refused.problems());
        }
        throw new AssertionError("unhandled " + reading);
    }

    /** While the repository counts nobody should believe that what he submits does. */
    private void checkSource(String project) {
        try {
            sources.find(project).ifPresent(source -> {
                throw new Problem(
                        ApiProblem.PIPELINES_IN_REPOSITORY,
                        "Expected a project whose pipelines are submitted, but '" + project + "' takes them from "
                                + source.repository().orElseThrow()
                                + "; commit the file there, or withdraw that with DELETE /api/v1/projects/" + project
                                + "/source");
            });
        } catch (Problem e) {
            if (e.kind() != CommonProblem.UNAVAILABLE) {
                throw e;
            }
            LOG.debugf(e, "the history is away; the orchestrator knows what counts");
        }
    }

    /** A problem with everything that is wrong with a file. */
    static Problem invalid(String expected, List<PlanProblem> problems) {
        int count = problems.size();
        return new Problem(
                        ApiProblem.PIPELINE_INVALID,
                        "Expected " + expected + ", but " + count + (count == 1 ? " thing is" : " things are")
                                + " wrong with it: " + problems.get(0))
                .with("errors", problems.stream().map(PlanProblemView::of).toList());
    }

    private static void checkSize(String source, Map<String, String> templates) {
        long bytes = source.getBytes(StandardCharsets.UTF_8).length;
        for (String template : templates.values()) {
            bytes += template.getBytes(StandardCharsets.UTF_8).length;
        }
        if (bytes > MOST_BYTES) {
            throw Inputs.invalid("Expected a pipeline of at most " + MOST_BYTES
                    + " bytes with its templates, but it has " + bytes + "; split it");
        }
    }

    private boolean isKnown(PipelineDefined defined) {
        try {
            return pipelines
                    .version(defined.project(), defined.pipeline(), defined.version())
                    .isPresent();
        } catch (Problem e) {
            LOG.debugf(e, "the history is away; the log takes the definition all the same");
            return false;
        }
    }

    private void awaitReadable(PipelineDefined defined) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (System.nanoTime() < end && !isReadable(defined)) {
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        } catch (Problem e) {
            LOG.debugf(e, "the history is away; the definition will be there when it is back");
        }
    }

    private boolean isReadable(PipelineDefined defined) {
        return pipelines
                .find(defined.project(), defined.pipeline())
                .filter(current -> !current.definedAt().isBefore(defined.definedAt()))
                .isPresent();
    }
}
