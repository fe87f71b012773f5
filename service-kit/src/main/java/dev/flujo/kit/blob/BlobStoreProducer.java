package dev.flujo.kit.blob;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Gives a service the blob store that its configuration names. */
@Singleton
public class BlobStoreProducer {

    @Produces
    @Singleton
    BlobStore blobs(@ConfigProperty(name = "flujo.blobs.directory", defaultValue = ".flujo/blobs") Path directory) {
        return new FileBlobStore(directory);
    }
}
