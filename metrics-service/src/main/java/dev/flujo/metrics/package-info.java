/** The arithmetic of delivery: pure functions from events to DORA's keys and the phases of time to market. */
package dev.flujo.metrics;
