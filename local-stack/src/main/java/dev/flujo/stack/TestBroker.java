package dev.flujo.stack;

/** A Kafka broker of the tests, and how clients find it. */
public record TestBroker(TestServer server, String bootstrapServers) {}
