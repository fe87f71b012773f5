package dev.flujo.kit.blob;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Blobs as objects of a bucket, each named by its digest; the store compares the bytes that it gets with that. A blob that is
 * there already is not sent again.
 */
public final class S3BlobStore implements BlobStore {

    /** More than there are connections that are kept for another request: each may turn out to have been closed. */
    private static final int MOST_ATTEMPTS = 8;

    private static final Duration TO_CONNECT = Duration.ofSeconds(5);
    private static final Duration TO_ANSWER = Duration.ofSeconds(30);
    private static final int NOT_FOUND = 404;

    private final S3Client client;
    private final String bucket;
    private final String prefix;

    private S3BlobStore(S3Client client, String bucket, String prefix) {
        this.client = client;
        this.bucket = bucket;
        this.prefix = prefix;
    }

    /** A store in a bucket; nothing is asked of it before it is used. */
    static S3BlobStore open(String bucket, BlobConfig.S3 config) {
        S3ClientBuilder builder = S3Client.builder()
                .region(Region.of(config.region()))
                .credentialsProvider(credentials(config))
                // Not every store that speaks S3 knows the newer checksums; the digest is sent with each blob anyway.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .overrideConfiguration(client -> client.retryStrategy(retry -> retry.maxAttempts(MOST_ATTEMPTS)))
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(TO_CONNECT)
                        .socketTimeout(TO_ANSWER));
        config.endpoint()
                .ifPresent(endpoint -> builder.endpointOverride(endpoint).forcePathStyle(true));
        return new S3BlobStore(builder.build(), bucket, config.prefix());
    }

    @Override
    public Blob put(Path file) throws IOException {
        Blob blob = Blob.of(file);
        String key = key(blob.sha256());
        try {
            if (!has(key)) {
                String digest =
                        Base64.getEncoder().encodeToString(HexFormat.of().parseHex(blob.sha256()));
                client.putObject(
                        request -> request.bucket(bucket).key(key).checksumSHA256(digest), RequestBody.fromFile(file));
            }
            return blob;
        } catch (SdkException e) {
            throw failed("take a file of " + blob.bytes() + " bytes", e);
        }
    }

    @Override
    public InputStream open(String sha256) throws IOException {
        String key = key(sha256);
        try {
            return client.getObject(request -> request.bucket(bucket).key(key));
        } catch (NoSuchKeyException e) {
            throw new NoSuchFileException(bucket + "/" + key);
        } catch (SdkException e) {
            throw failed("give " + key, e);
        }
    }

    @Override
    public void delete(String sha256) throws IOException {
        String key = key(sha256);
        try {
            client.deleteObject(request -> request.bucket(bucket).key(key));
        } catch (SdkException e) {
            throw failed("delete " + key, e);
        }
    }

    private boolean has(String key) {
        try {
            client.headObject(request -> request.bucket(bucket).key(key));
            return true;
        } catch (NoSuchBucketException e) {
            throw e;
        } catch (S3Exception e) {
            if (e.statusCode() == NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    private String key(String sha256) {
        return prefix + Blob.checkName(sha256);
    }

    private IOException failed(String what, SdkException cause) {
        return new IOException(
                "Expected the bucket '" + bucket + "' to " + what + ", but " + cause.getMessage()
                        + "; see flujo.blobs.s3, and whether the store is up",
                cause);
    }

    private static AwsCredentialsProvider credentials(BlobConfig.S3 config) {
        if (config.accessKeyFile().isEmpty() && config.secretKeyFile().isEmpty()) {
            return DefaultCredentialsProvider.builder().build();
        }
        return new KeyFiles(
                config.accessKeyFile().orElseThrow(() -> missing("access-key-file", "secret-key-file")),
                config.secretKeyFile().orElseThrow(() -> missing("secret-key-file", "access-key-file")));
    }

    private static IllegalArgumentException missing(String one, String other) {
        return new IllegalArgumentException("Expected flujo.blobs.s3." + one + " beside flujo.blobs.s3." + other
                + ", but it is not set; name both, or neither where the machine has an identity of its own");
    }

    /** A key in two files, which may be changed while the service runs. */
    private record KeyFiles(Path id, Path secret) implements AwsCredentialsProvider {

        @Override
        public AwsCredentials resolveCredentials() {
            return AwsBasicCredentials.create(read(id), read(secret));
        }

        private static String read(Path file) {
            try {
                return Files.readString(file).trim();
            } catch (IOException e) {
                throw SdkClientException.create("a key in the file " + file + " cannot be read (" + e + ")", e);
            }
        }
    }
}
