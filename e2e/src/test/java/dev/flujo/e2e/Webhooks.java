package dev.flujo.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Delivers webhooks in GitHub's format, signed over their raw bytes. */
final class Webhooks {

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String url;
    private final String secret;

    Webhooks(String url, String secret) {
        this.url = url;
        this.secret = secret;
    }

    /** Tells that a branch has a new commit; gives the id of the delivery. */
    String push(String project, String branch, String commit) {
        String delivery = UUID.randomUUID().toString();
        push(project, branch, commit, delivery);
        return delivery;
    }

    /** Tells the same once more. */
    void push(String project, String branch, String commit, String delivery) {
        deliver(
                project,
                "push",
                delivery,
                "{\"ref\":\"refs/heads/%s\",\"after\":\"%s\",\"pusher\":{\"name\":\"ada\"}}".formatted(branch, commit));
    }

    /** Tells that a pull request from another repository was opened, or has a new commit. */
    void fork(String project, int number, String action, String base, String commit) {
        deliver(
                project,
                "pull_request",
                UUID.randomUUID().toString(),
                """
                {"action":"%s","number":%d,"sender":{"login":"eve"},"pull_request":{"number":%d,"title":"Help",
                "user":{"login":"eve"},"head":{"ref":"help","sha":"%s","repo":{"id":2}},
                "base":{"ref":"main","sha":"%s","repo":{"id":1}}}}"""
                        .formatted(action, number, number, commit, base));
    }

    /** Tells that something has happened to a pull request from the repository itself. */
    void request(String project, int number, String action, String commit) {
        deliver(
                project,
                "pull_request",
                UUID.randomUUID().toString(),
                """
                {"action":"%s","number":%d,"sender":{"login":"eve"},"pull_request":{"number":%d,"title":"More",
                "user":{"login":"eve"},"head":{"ref":"more","sha":"%s","repo":{"id":1}},
                "base":{"ref":"main","sha":"%s","repo":{"id":1}}}}"""
                        .formatted(action, number, number, commit, "b".repeat(40)));
    }

    private void deliver(String project, String event, String delivery, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/api/v1/webhooks/github/" + project))
                .header("Content-Type", "application/json")
                .header("X-GitHub-Event", event)
                .header("X-GitHub-Delivery", delivery)
                .header("X-Hub-Signature-256", "sha256=" + signature(body))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 202) {
                throw new AssertionError(answer.statusCode() + ": " + answer.body());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private String signature(String body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), mac.getAlgorithm()));
            return HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every Java platform has HmacSHA256", e);
        }
    }
}
