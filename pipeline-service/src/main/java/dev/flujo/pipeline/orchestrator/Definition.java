package dev.flujo.pipeline.orchestrator;

import dev.flujo.core.plan.PlanReader;
import dev.flujo.core.plan.PlanReading;
import dev.flujo.event.PipelineEvent.PipelineDefined;
import dev.flujo.event.plan.Plan;
import java.util.Optional;

/** The newest definition of a pipeline, with its plan where the source can be read. */
record Definition(PipelineDefined defined, Optional<Plan> plan) {

    static Definition of(PipelineDefined defined) {
        PlanReading reading = PlanReader.read(defined.source(), defined.templates());
        return new Definition(
                defined,
                reading instanceof PlanReading.Readable readable ? Optional.of(readable.plan()) : Optional.empty());
    }

    /** Where plans of this version are kept. */
    String planKey() {
        return defined.project() + "/" + defined.pipeline() + "@" + defined.version();
    }
}
