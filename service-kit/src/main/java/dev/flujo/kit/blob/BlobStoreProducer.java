package dev.flujo.kit.blob;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Gives a service the blob store that its configuration names. */
@Singleton
public class BlobStoreProducer {

    @Produces
    @Singleton
    BlobStore blobs(BlobConfig config) {
        return config.s3()
                .bucket()
                .<BlobStore>map(bucket -> new S3BlobStore(S3Bucket.open(bucket, config.s3())))
                .orElseGet(() -> new FileBlobStore(config.directory()));
    }
}
