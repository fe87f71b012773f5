package dev.flujo.event;

/** A fact, report or command that crosses Kafka; what it is about is its subject. */
public sealed interface Event
        permits AnalysisEvent,
                AssignmentEvent,
                AuditEvent,
                CdEvent,
                CommandEvent,
                CommitEvent,
                ConfigEvent,
                DeployEvent,
                DriftEvent,
                JobEvent,
                LockEvent,
                LogEvent,
                PipelineEvent,
                PoolEvent,
                QueueEvent,
                ReportEvent,
                RunEvent,
                RunnerEvent,
                SignalEvent,
                TestEvent {

    /** The id of the thing this event is about: CDEvents' {@code subject.id}. Never empty. */
    String subject();
}
