package dev.flujo.kit.blob;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;

/** A key in two files, which may be changed while the service runs. */
record KeyFiles(Path id, Path secret) implements AwsCredentialsProvider {

    /** The key that is named; where none is, the identity that the machine has. */
    static AwsCredentialsProvider of(BlobConfig.S3 config) {
        if (config.accessKeyFile().isEmpty() && config.secretKeyFile().isEmpty()) {
            return DefaultCredentialsProvider.builder().build();
        }
        return new KeyFiles(
                config.accessKeyFile().orElseThrow(() -> missing("access-key-file", "secret-key-file")),
                config.secretKeyFile().orElseThrow(() -> missing("secret-key-file", "access-key-file")));
    }

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

    private static IllegalArgumentException missing(String one, String other) {
        return new IllegalArgumentException("Expected flujo.blobs.s3." + one + " beside flujo.blobs.s3." + other
                + ", but it is not set; name both, or neither where the machine has an identity of its own");
    }
}
