package dev.flujo.pipeline.webhook;

import java.util.Optional;

/**
 * How one kind of forge delivers webhooks: with which headers, how it proves that it is the sender, and what its payloads
 * say. A format has no state and asks nobody; the proof is checked before anything of a payload is read.
 */
interface WebhookFormat {

    /** The forge's name, as paths and settings have it. */
    String forge();

    /** What proves the sender, in words that tell somebody how to set it up. */
    String proven();

    Proof proof(Headers headers);

    /** The forge's name for what happened. */
    Optional<String> event(Headers headers);

    /** The header that has the id of the delivery. */
    String deliveryHeader();

    /** The id of the delivery, which is the same again when the forge repeats it. */
    default Optional<String> delivery(Headers headers) {
        return headers.get(deliveryHeader());
    }

    /** Whether the forge only tries whether somebody is there. */
    boolean ping(String event);

    /** What is to be read of a payload; none where events of that name mean nothing here. */
    Optional<WantedFields> wanted(String event);

    /**
     * What a payload says.
     *
     * @throws dev.flujo.kit.problem.Problem if it is not what this forge documents
     */
    Heard hear(String event, Payload payload, Scene scene);
}
