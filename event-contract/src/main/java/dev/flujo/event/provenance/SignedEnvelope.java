package dev.flujo.event.provenance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A DSSE 1.0 envelope: bytes, what they are, and who has signed both together.
 *
 * @param encoded the bytes in base64
 */
public record SignedEnvelope(String payloadType, String encoded, List<KeySignature> signatures) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** One signature in base64, and the id of the key that it says it was made with. */
    record KeySignature(String keyId, String encoded) {

        byte[] signature() {
            return Base64.getDecoder().decode(encoded);
        }
    }

    public SignedEnvelope {
        signatures = List.copyOf(signatures);
    }

    /** Signs the bytes. */
    static SignedEnvelope sign(String payloadType, byte[] payload, SigningKey key) {
        byte[] signature = key.sign(signedBytes(payloadType, payload));
        return new SignedEnvelope(
                payloadType,
                Base64.getEncoder().encodeToString(payload),
                List.of(new KeySignature(
                        key.publicKey().id(), Base64.getEncoder().encodeToString(signature))));
    }

    /**
     * Reads an envelope.
     *
     * @throws IllegalArgumentException if the text is none
     */
    static SignedEnvelope read(String text) {
        try {
            JsonNode json = JSON.readTree(text);
            if (!json.path("payload").isTextual() || !json.path("payloadType").isTextual()) {
                throw new IllegalArgumentException("`payload` or `payloadType` is missing");
            }
            List<KeySignature> signatures = new ArrayList<>();
            for (JsonNode each : json.path("signatures")) {
                signatures.add(new KeySignature(
                        each.path("keyid").asText(), decodable(each.path("sig").asText())));
            }
            return new SignedEnvelope(
                    json.path("payloadType").asText(),
                    decodable(json.path("payload").asText()),
                    signatures);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("it is no JSON: " + e.getOriginalMessage(), e);
        }
    }

    byte[] payload() {
        return Base64.getDecoder().decode(encoded);
    }

    private static String decodable(String encoded) {
        try {
            Base64.getDecoder().decode(encoded);
            return encoded;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("a part of it is no base64: " + e.getMessage(), e);
        }
    }

    /** The envelope as JSON. */
    public String json() {
        ObjectNode json = JSON.createObjectNode();
        json.put("payload", encoded);
        json.put("payloadType", payloadType);
        for (KeySignature each : signatures) {
            json.withArray("signatures").addObject().put("keyid", each.keyId()).put("sig", each.encoded());
        }
        return json.toString();
    }

    /** Whether one of the signatures is of this key. */
    boolean signedBy(PublicSigningKey key) {
        byte[] bytes = signedBytes(payloadType, payload());
        return signatures.stream().anyMatch(each -> key.signed(bytes, each.signature()));
    }

    /** What is signed: type and payload with their lengths, so that neither can be taken for a part of the other. */
    static byte[] signedBytes(String payloadType, byte[] payload) {
        byte[] type = payloadType.getBytes(StandardCharsets.UTF_8);
        byte[] head = ("DSSEv1 " + type.length + " " + payloadType + " " + payload.length + " ")
                .getBytes(StandardCharsets.UTF_8);
        byte[] all = new byte[head.length + payload.length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(payload, 0, all, head.length, payload.length);
        return all;
    }
}
