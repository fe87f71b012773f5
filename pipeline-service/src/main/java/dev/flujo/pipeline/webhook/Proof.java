package dev.flujo.pipeline.webhook;

/** What a delivery brings to show that it comes from a forge that knows a secret. */
sealed interface Proof {

    /** The HMAC-SHA256 of the body in hexadecimal digits. */
    record Signature(String hex) implements Proof {}

    /** The secret itself. */
    record Token(String secret) implements Proof {}

    /** The HMAC-SHA256 of id, time and body in base64, as Standard Webhooks has it. */
    record TimedSignature(String id, String timestamp, String signatures) implements Proof {}

    /** Nothing that is one. */
    record Missing() implements Proof {}

    /** A signature behind the name of its algorithm; another algorithm is none. */
    static Proof named(Headers headers, String header) {
        return headers.get(header)
                .filter(text -> text.startsWith("sha256="))
                .<Proof>map(text -> new Signature(text.substring("sha256=".length())))
                .orElseGet(Missing::new);
    }
}
