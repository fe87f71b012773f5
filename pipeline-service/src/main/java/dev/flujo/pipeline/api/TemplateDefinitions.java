package dev.flujo.pipeline.api;

import dev.flujo.core.plan.TemplateReader;
import dev.flujo.core.plan.yaml.PlanProblem;
import dev.flujo.event.DerivedId;
import dev.flujo.event.PipelineEvent.TemplateDefined;
import dev.flujo.event.Topic;
import dev.flujo.kit.problem.Problem;
import dev.flujo.pipeline.store.TemplateSources;
import dev.flujo.pipeline.store.TemplateSources.Known;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;

/** Takes templates in. */
@ApplicationScoped
public class TemplateDefinitions {

    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final Duration PAUSE = Duration.ofMillis(10);
    private static final Logger LOG = Logger.getLogger(TemplateDefinitions.class);

    private final Commands commands;
    private final KnownTemplates known;
    private final TemplateSources templates;

    /** What has been taken in, and whether it was not there before. */
    record Taken(Known template, boolean fresh) {}

    TemplateDefinitions(Commands commands, KnownTemplates known, TemplateSources templates) {
        this.commands = commands;
        this.known = known;
        this.templates = templates;
    }

    /** Checks the template and puts it on the log; returns when it can be used, if that is soon. */
    Taken take(String project, String template, String source) {
        List<PlanProblem> problems = TemplateReader.problems(source, known.with(source, Map.of()));
        if (!problems.isEmpty()) {
            throw PipelineDefinitions.invalid("a template", problems);
        }
        TemplateDefined defined = new TemplateDefined(
                project, template, DerivedId.digestOf(source), source, commands.by(), commands.now());
        boolean fresh = !readable(defined);
        if (fresh) {
            UUID id = UUID.randomUUID();
            commands.send(new Commands.Command("template.define", Topic.PIPELINES, id.toString(), id, defined));
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (System.nanoTime() < end && !readable(defined)) {
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
        return new Taken(new Known(project, template, defined.digest(), defined.by(), defined.definedAt()), fresh);
    }

    private boolean readable(TemplateDefined defined) {
        try {
            return templates
                    .find(defined.project(), defined.template(), defined.digest())
                    .isPresent();
        } catch (Problem e) {
            LOG.debugf(e, "the history is away; the log takes the template all the same");
            return false;
        }
    }
}
