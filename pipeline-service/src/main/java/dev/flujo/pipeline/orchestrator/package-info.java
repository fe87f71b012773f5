/** The one Kafka Streams topology: where the pure deciders meet the log. */
package dev.flujo.pipeline.orchestrator;
