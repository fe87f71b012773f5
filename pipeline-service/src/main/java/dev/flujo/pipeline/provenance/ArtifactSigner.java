package dev.flujo.pipeline.provenance;

import dev.flujo.event.Attempt;
import dev.flujo.event.Envelope;
import dev.flujo.event.JobEvent.ArtifactPublished;
import dev.flujo.event.JobEvent.JobStarted;
import dev.flujo.event.RunEvent.RunQueued;
import dev.flujo.event.provenance.Provenance;
import dev.flujo.event.provenance.SigningKey;
import dev.flujo.pipeline.store.Provenances;
import dev.flujo.pipeline.store.Provenances.Signed;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.ArrayList;
import java.util.HashMap;
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

    private final SigningKeys keys;
    private final Provenances provenances;
    private final String builder;

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

    public boolean signs() {
        return keys.current().isPresent();
    }

    /** Keeps a signed statement for each artifact of the log of a run; the same log gives the same statements. */
    public CompletionStage<Void> sign(List<Envelope> log) {
        Optional<SigningKey> key = keys.current();
        return key.isPresent() ? provenances.put(signed(log, key.get())) : CompletableFuture.completedFuture(null);
    }

    private List<Signed> signed(List<Envelope> log, SigningKey key) {
        Optional<RunQueued> run = Optional.empty();
        Map<Attempt, JobStarted> jobs = new HashMap<>();
        List<Signed> signed = new ArrayList<>();
        for (Envelope envelope : log) {
            if (envelope.event() instanceof RunQueued queued) {
                run = Optional.of(queued);
            } else if (envelope.event() instanceof JobStarted started) {
                jobs.put(started.attempt(), started);
            } else if (envelope.event() instanceof ArtifactPublished artifact
                    && run.isPresent()
                    && jobs.containsKey(artifact.attempt())) {
                Provenance provenance = new Provenance(builder, run.get(), jobs.get(artifact.attempt()), artifact);
                signed.add(new Signed(
                        artifact.attempt(),
                        artifact.path(),
                        provenance.sign(key).json()));
            }
        }
        return signed;
    }
}
