/** Everything that crosses Kafka: the events, how they are written and read, and the topics that carry them. */
package dev.flujo.event;
