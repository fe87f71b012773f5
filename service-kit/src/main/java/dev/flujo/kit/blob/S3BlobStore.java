package dev.flujo.kit.blob;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/** Blobs as objects of a bucket, each named by its digest; one that is there already is not sent again. */
public final class S3BlobStore implements BlobStore {

    private final S3Bucket bucket;

    public S3BlobStore(S3Bucket bucket) {
        this.bucket = bucket;
    }

    @Override
    public Blob put(Path file) throws IOException {
        Blob blob = Blob.of(file);
        bucket.put(blob, file);
        return blob;
    }

    @Override
    public InputStream open(String sha256) throws IOException {
        return bucket.open(Blob.checkName(sha256));
    }

    @Override
    public void delete(String sha256) throws IOException {
        bucket.delete(Blob.checkName(sha256));
    }
}
