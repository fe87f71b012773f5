package dev.flujo.pipeline.messaging;

import dev.flujo.event.Attempt;
import dev.flujo.event.Envelope;
import dev.flujo.event.JobEvent.ArtifactPublished;
import dev.flujo.event.JobEvent.JobStarted;
import dev.flujo.event.RunEvent.RunQueued;
import dev.flujo.event.provenance.Provenance;
import dev.flujo.event.provenance.SigningKey;
import dev.flujo.pipeline.provenance.SigningKeys;
import dev.flujo.pipeline.store.Provenances;
import dev.flujo.pipeline.store.Provenances.Signed;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Signs where the artifacts of a run come from, as its accepted events say, and keeps that. */
@ApplicationScoped
public class ArtifactSigner {

    private static final Logger LOG = Logger.getLogger(ArtifactSigner.class);
    private static final int REMEMBERED = 10_000;
    private static final int ALL = 1_000_000;

    private final SigningKeys keys;
    private final Provenances provenances;
    private final String builder;
    private final Map<Attempt, JobStarted> started = Collections.synchronizedMap(new Recent<>(REMEMBERED));

    /** The log of a run from its beginning. */
    interface Log {

        /** So many of its first events. */
        List<Envelope> first(int most);
    }

    ArtifactSigner(
            SigningKeys keys,
            Provenances provenances,
            @ConfigProperty(name = "flujo.provenance.builder", defaultValue = "https://flujo.dev/builders/build-runner")
                    String builder) {
        this.keys = keys;
        this.provenances = provenances;
        this.builder = builder;
    }

    /** A key that cannot be used is told at once, not with the first artifact. */
    void start(@Observes StartupEvent event) {
        keys.current()
                .ifPresentOrElse(
                        key -> LOG.infof(
                                "signs the provenance of artifacts with the key %s",
                                key.publicKey().id()),
                        () -> LOG.warn(
                                "signs no provenance of artifacts: Expected a private Ed25519 key in PEM in the file"
                                        + " that flujo.provenance.key-file names, but there is none"));
    }

    /** Hears that an attempt has begun, so that its run's log need not be read again for that. */
    void heard(JobStarted job) {
        started.put(job.attempt(), job);
    }

    /** Keeps a signed statement for each of these artifacts of one run; the same log gives the same statements. */
    CompletionStage<Void> sign(List<ArtifactPublished> artifacts, Log log) {
        Optional<SigningKey> key = keys.current();
        Optional<RunQueued> run = key.isEmpty() ? Optional.empty() : run(log);
        if (run.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        if (artifacts.stream().anyMatch(artifact -> !started.containsKey(artifact.attempt()))) {
            log.first(ALL).forEach(envelope -> {
                if (envelope.event() instanceof JobStarted job) {
                    heard(job);
                }
            });
        }
        List<Signed> signed = new ArrayList<>();
        for (ArtifactPublished artifact : artifacts) {
            JobStarted job = started.get(artifact.attempt());
            if (job != null) {
                Provenance provenance = new Provenance(builder, run.get(), job, artifact);
                signed.add(new Signed(
                        artifact.attempt(),
                        artifact.path(),
                        provenance.sign(key.get()).json()));
            }
        }
        return provenances.put(signed);
    }

    private static Optional<RunQueued> run(Log log) {
        return log.first(1).stream()
                .map(Envelope::event)
                .filter(RunQueued.class::isInstance)
                .map(RunQueued.class::cast)
                .findFirst();
    }
}
