/** The history in Cassandra. */
package dev.flujo.pipeline.store;
