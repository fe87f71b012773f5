package dev.flujo.runner.executor.kubernetes;

import dev.flujo.event.Attempt;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * The name of an attempt's pod: always the same one, and nobody else's. It says the job and the number for people, and tells
 * runs and jobs apart by a digest, since both together are longer than a name may be.
 */
final class PodName {

    private static final int LONGEST_JOB = 20;
    private static final int DIGITS = 24;
    private static final int LONGEST_LABEL = 63;

    private PodName() {}

    static String of(Attempt attempt) {
        String job = attempt.job().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        String words = job.substring(0, Math.min(LONGEST_JOB, job.length())).replaceAll("^-|-$", "");
        return "flujo-" + (words.isEmpty() ? "" : words + "-") + attempt.number() + "-" + digest(attempt.id());
    }

    /** A text as the value of a label; one that may not be has other characters for those that may not, and is cut. */
    static String label(String text) {
        String allowed = text.replaceAll("[^A-Za-z0-9_.-]", "-");
        return allowed.substring(0, Math.min(LONGEST_LABEL, allowed.length())).replaceAll("^[_.-]+|[_.-]+$", "");
    }

    private static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
