/** From topics to facts. */
package dev.flujo.metrics.messaging;
