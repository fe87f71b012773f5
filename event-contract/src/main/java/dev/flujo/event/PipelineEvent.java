package dev.flujo.event;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Pipeline definitions: what the orchestrator must know of them. */
public sealed interface PipelineEvent extends Event {

    String project();

    /**
     * A pipeline has this definition from now on. The version is derived from the repository and the source, so the same
     * definition submitted twice is one version.
     *
     * @param templates the sources of the templates that it uses, by the references under which it does
     */
    record PipelineDefined(
            String project,
            String pipeline,
            String version,
            Optional<String> repository,
            String source,
            String by,
            Instant definedAt,
            Map<String, String> templates)
            implements PipelineEvent {

        public PipelineDefined {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(pipeline, "pipeline");
            Objects.requireNonNull(version, "version");
            Objects.requireNonNull(source, "source");
            Objects.requireNonNull(by, "by");
            Objects.requireNonNull(definedAt, "definedAt");
            repository = repository == null ? Optional.empty() : repository;
            templates = Ordered.copy(templates);
        }

        /** A definition without templates. */
        public PipelineDefined(
                String project,
                String pipeline,
                String version,
                Optional<String> repository,
                String source,
                String by,
                Instant definedAt) {
            this(project, pipeline, version, repository, source, by, definedAt, Map.of());
        }

        /** {@code project/pipeline}: the key on the compacted topic. */
        @Override
        public String subject() {
            return project + "/" + pipeline;
        }
    }

    /** A template that files may use by its digest, the SHA-256 of its source; it never becomes another one. */
    record TemplateDefined(String project, String template, String digest, String source, String by, Instant definedAt)
            implements PipelineEvent {

        public TemplateDefined {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(template, "template");
            Objects.requireNonNull(digest, "digest");
            Objects.requireNonNull(source, "source");
            Objects.requireNonNull(by, "by");
            Objects.requireNonNull(definedAt, "definedAt");
        }

        /** {@code project/template@sha256:digest}: what files write to use it, and the key on the compacted topic. */
        @Override
        public String subject() {
            return project + "/" + template + "@sha256:" + digest;
        }
    }

    /**
     * The repository of a project defines this pipeline so at the newest commit of the branch that counts where no commit is
     * given.
     */
    record PipelineRead(
            String project,
            String pipeline,
            String version,
            Optional<String> repository,
            String commit,
            String file,
            String source,
            String by,
            Instant readAt,
            Map<String, String> templates)
            implements PipelineEvent {

        public PipelineRead {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(pipeline, "pipeline");
            Objects.requireNonNull(version, "version");
            Objects.requireNonNull(commit, "commit");
            Objects.requireNonNull(file, "file");
            Objects.requireNonNull(source, "source");
            Objects.requireNonNull(by, "by");
            Objects.requireNonNull(readAt, "readAt");
            repository = repository == null ? Optional.empty() : repository;
            templates = Ordered.copy(templates);
        }

        /** The same as if it had been submitted. */
        public PipelineDefined defined() {
            return new PipelineDefined(project, pipeline, version, repository, source, by, readAt, templates);
        }

        /** The key on the compacted topic, beside that of a submitted pipeline of the same name. */
        @Override
        public String subject() {
            return project + "/" + Definitions.PIPELINE + "/" + pipeline;
        }
    }

    /**
     * A pipeline is none of its project's any more: the newest commit of the branch that counts does not define it rightly, or
     * the project takes its pipelines from elsewhere.
     *
     * @param commit the commit that does not define it
     */
    record PipelineGone(String project, String pipeline, Optional<String> commit, String by, Instant goneAt)
            implements PipelineEvent {

        public PipelineGone {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(pipeline, "pipeline");
            Objects.requireNonNull(by, "by");
            Objects.requireNonNull(goneAt, "goneAt");
            commit = commit == null ? Optional.empty() : commit;
        }

        /** The key on the compacted topic: that of the definition that was read. */
        @Override
        public String subject() {
            return project + "/" + Definitions.PIPELINE + "/" + pipeline;
        }
    }

    /**
     * A project takes its pipelines from its repository, at the commit that each run works on; without a repository, it no
     * longer does, and what was submitted counts again.
     *
     * @param branch the branch whose newest definitions count where no commit is given: for schedules, and what follows
     *     from other runs
     */
    record SourceDeclared(String project, Optional<String> repository, String branch, String by, Instant declaredAt)
            implements PipelineEvent {

        public SourceDeclared {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(branch, "branch");
            Objects.requireNonNull(by, "by");
            Objects.requireNonNull(declaredAt, "declaredAt");
            repository = repository == null ? Optional.empty() : repository;
        }

        /** The key on the compacted topic: no pipeline's, since no name of one begins with a dot. */
        @Override
        public String subject() {
            return project + "/" + Definitions.PIPELINE;
        }
    }
}
