package dev.flujo.stack;

/** A Cassandra node of the tests, and how drivers find it. */
public record TestDatabase(TestServer server, String contactPoint, String datacenter) {}
