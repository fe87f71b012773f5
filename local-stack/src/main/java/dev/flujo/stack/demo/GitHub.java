package dev.flujo.stack.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flujo.stack.Rest;
import dev.flujo.stack.demo.ShopRepository.Commit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Tells Flujo of pushes, as GitHub does: with a delivery that is signed over its raw bytes. */
final class GitHub {

    private static final String PATH = "/api/v1/webhooks/github/" + Story.PROJECT;
    private static final String ALGORITHM = "HmacSHA256";

    private final Rest rest;
    private final String secret;

    GitHub(Rest rest, String secret) {
        this.rest = rest;
        this.secret = secret;
    }

    void deliver(String repository, Commit commit) throws IOException, InterruptedException {
        byte[] body = rest.mapper().writeValueAsBytes(push(repository, commit));
        rest.post(
                PATH,
                body,
                Map.of(
                        "X-GitHub-Event",
                        "push",
                        "X-GitHub-Delivery",
                        UUID.randomUUID().toString(),
                        "X-Hub-Signature-256",
                        "sha256=" + signature(body)));
    }

    private ObjectNode push(String url, Commit commit) {
        ObjectNode push = rest.mapper().createObjectNode();
        push.put("ref", "refs/heads/main")
                .put("before", "0".repeat(40))
                .put("after", commit.id())
                .put("deleted", false);
        push.putObject("repository")
                .put("name", Story.PROJECT)
                .put("full_name", "demo/" + Story.PROJECT)
                .put("clone_url", url)
                .put("html_url", url);
        push.putObject("pusher").put("name", "ada").put("email", "ada@shop.example");
        ObjectNode head = push.putObject("head_commit")
                .put("id", commit.id())
                .put("message", commit.message())
                .put("timestamp", commit.time());
        head.putObject("author").put("name", "Ada").put("email", "ada@shop.example");
        push.putArray("commits").add(head);
        return push;
    }

    String signature(byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every Java platform has " + ALGORITHM, e);
        }
    }
}
