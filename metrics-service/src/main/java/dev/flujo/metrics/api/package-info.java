/** The numbers over REST and for Prometheus. */
package dev.flujo.metrics.api;
