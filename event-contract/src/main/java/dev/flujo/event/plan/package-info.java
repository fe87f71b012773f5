/** A pipeline as it is executed: what the pipeline file says, checked and complete. */
package dev.flujo.event.plan;
