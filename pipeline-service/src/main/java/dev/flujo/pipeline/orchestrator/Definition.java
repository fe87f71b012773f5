package dev.flujo.pipeline.orchestrator;

import dev.flujo.core.plan.Asking;
import dev.flujo.core.plan.PlanReader;
import dev.flujo.core.plan.PlanReading;
import dev.flujo.event.PipelineEvent.PipelineDefined;
import dev.flujo.event.plan.Plan;
import java.util.Optional;

/**
 * The newest definition of a pipeline, with its plan where the source can be read.
 *
 * @param asks whether runs of it must know what started them, because expressions ask
 */
record Definition(PipelineDefined defined, Optional<Plan> plan, boolean asks) {

    static Definition of(PipelineDefined defined) {
        PlanReading reading = PlanReader.read(defined.source(), defined.templates());
        Optional<Plan> plan =
                reading instanceof PlanReading.Readable readable ? Optional.of(readable.plan()) : Optional.empty();
        return new Definition(defined, plan, plan.filter(Asking::asks).isPresent());
    }

    /** A definition whose plan has been read already. */
    static Definition of(PipelineDefined defined, Plan plan) {
        return new Definition(defined, Optional.of(plan), Asking.asks(plan));
    }

    /** Where plans of this version are kept. */
    String planKey() {
        return planKey(defined.project(), defined.pipeline(), defined.version());
    }

    static String planKey(String project, String pipeline, String version) {
        return project + "/" + pipeline + "@" + version;
    }
}
