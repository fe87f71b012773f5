package dev.flujo.kit.blob;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** Where artifacts, outputs and reports lie; the same for all services of one Flujo. */
@ConfigMapping(prefix = "flujo.blobs")
public interface BlobConfig {

    /** The directory that the services share, where no bucket is named. */
    @WithDefault(".flujo/blobs")
    Path directory();

    S3 s3();

    /** A bucket of a store that speaks S3, in the place of the directory. */
    interface S3 {

        /** The bucket, which must be there. */
        Optional<String> bucket();

        /** What the names of the objects begin with. */
        @WithDefault("blobs/")
        String prefix();

        /** The address of a store that is not Amazon's. */
        Optional<URI> endpoint();

        @WithDefault("us-east-1")
        String region();

        /** The file with the id of the access key, read again when it changes; without it, what the machine gives. */
        Optional<Path> accessKeyFile();

        /** The file with the secret of the access key. */
        Optional<Path> secretKeyFile();
    }
}
