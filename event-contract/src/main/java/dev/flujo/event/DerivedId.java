package dev.flujo.event;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** Ids that follow from what they stand for, so that the same thing seen twice is one thing (UUID version 5). */
public final class DerivedId {

    private static final UUID NAMESPACE = UUID.fromString("6f0c2d5e-9f0b-4f43-8d53-0c5f6e1f7a11");

    private DerivedId() {}

    /** The id of the thing that these parts name; the parts are separated, so ("a","bc") and ("ab","c") differ. */
    public static UUID of(String... parts) {
        MessageDigest sha1 = digest("SHA-1");
        sha1.update(ByteBuffer.allocate(16)
                .putLong(NAMESPACE.getMostSignificantBits())
                .putLong(NAMESPACE.getLeastSignificantBits())
                .array());
        for (String part : parts) {
            sha1.update(part.getBytes(StandardCharsets.UTF_8));
            sha1.update((byte) 0);
        }
        ByteBuffer hash = ByteBuffer.wrap(sha1.digest());
        long high = (hash.getLong() & 0xffffffffffff0fffL) | 0x5000L;
        long low = (hash.getLong() & 0x3fffffffffffffffL) | 0x8000000000000000L;
        return new UUID(high, low);
    }

    /** The id of the run that a cause starts of a pipeline. */
    public static UUID run(String project, String pipeline, String causeId) {
        return of("run", project, pipeline, causeId);
    }

    /** The id of an event that the orchestrator derives from another: the same again when the other is read again. */
    public static String event(UUID run, String causeEventId, int index) {
        return of("event", run.toString(), causeEventId, Integer.toString(index))
                .toString();
    }

    /** The id of the deployment that an attempt of a deploy job asks for; attempts of one job share it. */
    public static UUID deployment(UUID run, String job, String environment) {
        return of("deployment", run.toString(), job, environment);
    }

    /** The version of a pipeline definition: the first 12 hexadecimal digits of its SHA-256. */
    public static String version(String repository, String source) {
        return version(repository, source, Map.of());
    }

    /** The version of a definition that uses these templates. */
    public static String version(String repository, String source, Map<String, String> templates) {
        MessageDigest sha256 = digest("SHA-256");
        sha256.update(repository.getBytes(StandardCharsets.UTF_8));
        sha256.update((byte) 0);
        sha256.update(source.getBytes(StandardCharsets.UTF_8));
        new TreeMap<>(templates).forEach((reference, template) -> {
            sha256.update((byte) 0);
            sha256.update(reference.getBytes(StandardCharsets.UTF_8));
            sha256.update((byte) 0);
            sha256.update(template.getBytes(StandardCharsets.UTF_8));
        });
        return HexFormat.of().formatHex(sha256.digest()).substring(0, 12);
    }

    /** The digest of a template: the SHA-256 of its source. */
    public static String digestOf(String source) {
        return HexFormat.of().formatHex(digest("SHA-256").digest(source.getBytes(StandardCharsets.UTF_8)));
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has " + algorithm, e);
        }
    }
}
