/** Flujo on one machine: Kafka, Cassandra and the four services as processes of their own. */
package dev.flujo.stack;
