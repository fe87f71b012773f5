package dev.flujo.kit.blob;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.stack.Await;
import dev.flujo.stack.Checkout;
import dev.flujo.stack.S3Server;
import dev.flujo.stack.ServerProcess;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real store that speaks S3, as a process of its own. */
class S3BlobStoreIT extends BlobStoreContract {

    @TempDir
    static Path place;

    private static S3Server server;

    @BeforeAll
    static void begin() {
        server = new S3Server(
                Checkout.find(),
                place.resolve("s3"),
                Await.freePort(),
                new ServerProcess("s3", place.resolve("run"), place.resolve("logs")));
        server.start();
        server.awaitReady();
    }

    @AfterAll
    static void end() {
        server.discard();
    }

    @Override
    BlobStore store() {
        return store(Map.of());
    }

    @Test
    void keepsABlobBelowThePrefixInTheBucketOnce() throws IOException {
        BlobStore store = store(Map.of("flujo.blobs.s3.prefix", "of/tests/"));

        store.put(file("abc"));
        store.put(file("abc"));

        Path object =
                server.objects().resolve(S3Server.BUCKET).resolve("of/tests").resolve(ABC);
        assertEquals("abc", Files.readString(object));
        try (Stream<Path> files = Files.list(object.getParent())) {
            assertEquals(1, files.count());
        }
    }

    @Test
    void readsItsKeyAgainOnceThatIsAnother() throws IOException {
        Path key = Files.writeString(directory.resolve("key"), "the key of yesterday");
        BlobStore store = store(Map.of("flujo.blobs.s3.secret-key-file", key.toString()));
        IOException refused = assertThrows(IOException.class, () -> store.put(file("rotated")));
        assertTrue(
                refused.getMessage().startsWith("Expected the bucket 'flujo' to take a file of 7 bytes, but "),
                refused.getMessage());

        Files.writeString(key, Files.readString(server.secretKey()));

        Blob blob = store.put(file("rotated"));
        assertArrayEquals("rotated".getBytes(StandardCharsets.UTF_8), bytes(blob.sha256()));
    }

    @Test
    void namesABucketThatIsNotThere() throws IOException {
        BlobStore store = store(Map.of("flujo.blobs.s3.bucket", "elsewhere"));

        IOException refused = assertThrows(IOException.class, () -> store.put(file("abc")));

        assertTrue(refused.getMessage().contains("'elsewhere'"), refused.getMessage());
        assertTrue(refused.getMessage().contains("see flujo.blobs.s3"), refused.getMessage());
    }

    @Test
    void saysThatAStoreIsAway() throws IOException {
        BlobStore store = store(Map.of("flujo.blobs.s3.endpoint", "http://127.0.0.1:" + Await.freePort()));

        assertThrows(IOException.class, () -> store.put(file("abc")));
        IOException refused = assertThrows(IOException.class, () -> store.open(ABC));

        assertTrue(refused.getMessage().startsWith("Expected the bucket 'flujo' to give blobs/"), refused.getMessage());
    }

    @Test
    void wantsBothPartsOfAKey() {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> store(Map.of("flujo.blobs.s3.secret-key-file", "")));

        assertTrue(refused.getMessage().startsWith("Expected flujo.blobs.s3.secret-key-file"), refused.getMessage());
    }

    private static BlobStore store(Map<String, String> changed) {
        Map<String, String> values = new HashMap<>(Map.of(
                "flujo.blobs.s3.bucket", S3Server.BUCKET,
                "flujo.blobs.s3.endpoint", server.endpoint().toString(),
                "flujo.blobs.s3.access-key-file", server.accessKey().toString(),
                "flujo.blobs.s3.secret-key-file", server.secretKey().toString()));
        values.putAll(changed);
        BlobConfig config = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withMapping(BlobConfig.class)
                .withDefaultValues(values)
                .build()
                .getConfigMapping(BlobConfig.class);
        return new BlobStoreProducer().blobs(config);
    }
}
