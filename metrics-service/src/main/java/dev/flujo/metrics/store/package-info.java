/** The facts in Cassandra. */
package dev.flujo.metrics.store;
