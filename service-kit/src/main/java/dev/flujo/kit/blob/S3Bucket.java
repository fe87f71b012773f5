package dev.flujo.kit.blob;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.MetadataDirective;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** The objects of a bucket whose names begin with a prefix. Names that are given and taken here are what follows the prefix. */
public final class S3Bucket {

    /** More than there are connections that are kept for another request: each may turn out to have been closed. */
    private static final int MOST_ATTEMPTS = 8;

    private static final Duration TO_CONNECT = Duration.ofSeconds(5);
    private static final Duration TO_ANSWER = Duration.ofSeconds(30);

    /** How long reading a short text may take with all attempts; files take as long as they take. */
    private static final Duration TO_READ = Duration.ofSeconds(20);

    private static final int NOT_FOUND = 404;

    private final S3Client client;
    private final String bucket;
    private final String prefix;

    /** An object as a list has it; where the store gives tags, another content has another tag. */
    public record Listed(String name, Instant writtenAt, Optional<String> tag) {}

    /** What an object says. */
    public record Text(String text, Instant writtenAt) {}

    private S3Bucket(S3Client client, String bucket, String prefix) {
        this.client = client;
        this.bucket = bucket;
        this.prefix = prefix;
    }

    /** What lies below the configured prefix of a bucket; nothing is asked of it before it is used. */
    public static S3Bucket open(String bucket, BlobConfig.S3 config) {
        S3ClientBuilder builder = S3Client.builder()
                .region(Region.of(config.region()))
                .credentialsProvider(KeyFiles.of(config))
                // Not every store that speaks S3 knows the newer checksums; the digest is sent with each blob anyway.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .overrideConfiguration(client -> client.retryStrategy(retry -> retry.maxAttempts(MOST_ATTEMPTS)))
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(TO_CONNECT)
                        .socketTimeout(TO_ANSWER));
        config.endpoint()
                .ifPresent(endpoint -> builder.endpointOverride(endpoint).forcePathStyle(true));
        return new S3Bucket(builder.build(), bucket, config.prefix());
    }

    /** Those of these objects whose names go on so. */
    public S3Bucket below(String more) {
        return new S3Bucket(client, bucket, prefix + more);
    }

    /** Puts a file under its digest, unless that is there; the store compares the bytes that it gets with it. */
    void put(Blob blob, Path file) throws IOException {
        String key = prefix + blob.sha256();
        String what = "take a file of " + blob.bytes() + " bytes";
        if (find(what, () -> client.headObject(request -> request.bucket(bucket).key(key)))
                .isEmpty()) {
            String digest = Base64.getEncoder().encodeToString(HexFormat.of().parseHex(blob.sha256()));
            ask(
                    what,
                    () -> client.putObject(
                            request -> request.bucket(bucket).key(key).checksumSHA256(digest),
                            RequestBody.fromFile(file)));
        }
    }

    /**
     * The bytes of an object, to be closed by the caller.
     *
     * @throws NoSuchFileException if there is no such object
     */
    InputStream open(String name) throws IOException {
        String key = prefix + name;
        return find(
                        "give " + key,
                        () -> client.getObject(request -> request.bucket(bucket).key(key)))
                .orElseThrow(() -> new NoSuchFileException(bucket + "/" + key));
    }

    /** Writes a short text, in the place of what was there; whoever reads it meanwhile reads the one or the other. */
    public void write(String name, String text) throws IOException {
        String key = prefix + name;
        ask(
                "take " + key,
                () -> client.putObject(
                        request -> request.bucket(bucket).key(key),
                        RequestBody.fromString(text, StandardCharsets.UTF_8)));
    }

    /** Reads a short text, if there is one; a store that is away is given up soon. */
    public Optional<Text> read(String name) throws IOException {
        String key = prefix + name;
        return find(
                        "give " + key,
                        () -> client.getObjectAsBytes(request -> request.bucket(bucket)
                                .key(key)
                                .overrideConfiguration(call -> call.apiCallTimeout(TO_READ))))
                .map(found -> new Text(
                        new String(found.asByteArray(), StandardCharsets.UTF_8),
                        found.response().lastModified()));
    }

    /** Makes an object one that was written now, whatever it says by now; where there is none, there still is none. */
    public void touch(String name) throws IOException {
        String key = prefix + name;
        find(
                "copy " + key + " to itself",
                () -> client.copyObject(request -> request.sourceBucket(bucket)
                        .sourceKey(key)
                        .destinationBucket(bucket)
                        .destinationKey(key)
                        .metadataDirective(MetadataDirective.REPLACE)));
    }

    /** All objects whose names begin so. */
    public List<Listed> list(String beginning) throws IOException {
        String beginnings = prefix + beginning;
        return ask(
                "list " + beginnings + "*",
                () ->
                        client
                                .listObjectsV2Paginator(
                                        request -> request.bucket(bucket).prefix(beginnings))
                                .contents()
                                .stream()
                                .map(object -> new Listed(
                                        object.key().substring(prefix.length()),
                                        object.lastModified(),
                                        Optional.ofNullable(object.eTag())))
                                .toList());
    }

    /** Removes an object, if there is one. */
    public void delete(String name) throws IOException {
        String key = prefix + name;
        ask(
                "delete " + key,
                () -> client.deleteObject(request -> request.bucket(bucket).key(key)));
    }

    /** What the store answers, unless it answers that there is no such object. */
    private <T> Optional<T> find(String what, Supplier<T> request) throws IOException {
        try {
            return Optional.of(request.get());
        } catch (SdkException e) {
            if (e instanceof S3Exception answer
                    && answer.statusCode() == NOT_FOUND
                    && !(e instanceof NoSuchBucketException)) {
                return Optional.empty();
            }
            throw failed(what, e);
        }
    }

    private <T> T ask(String what, Supplier<T> request) throws IOException {
        try {
            return request.get();
        } catch (SdkException e) {
            throw failed(what, e);
        }
    }

    private IOException failed(String what, SdkException cause) {
        return new IOException(
                "Expected the bucket '" + bucket + "' to " + what + ", but " + cause.getMessage()
                        + "; see flujo.blobs.s3, and whether the store is up",
                cause);
    }
}
