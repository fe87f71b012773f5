package dev.flujo.deploy;

import dev.flujo.deploy.Target.Serving;
import dev.flujo.event.JobEvent.Output;
import dev.flujo.event.Work;
import dev.flujo.event.plan.Deploy;
import dev.flujo.kit.blob.Blob;
import dev.flujo.kit.blob.BlobStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where people find what a deployment has brought: as its pipeline says, else where the target lets it be reached. */
public record Url(Work work, Serving serving) {

    /** What a pipeline says of it. */
    public static Optional<String> said(Work work) {
        return work.job().gate().environment().flatMap(environment -> environment.url());
    }

    String text() {
        return said(work).orElse(serving.address());
    }

    /** The same as an output of the job, for those that come after it. */
    Output output(BlobStore blobs) throws IOException {
        Path file = Files.createTempFile("flujo-url", "");
        try {
            Blob blob = blobs.put(Files.writeString(file, text()));
            return new Output(Deploy.URL, blob.bytes(), blob.sha256(), Optional.of(text()));
        } finally {
            Files.delete(file);
        }
    }
}
