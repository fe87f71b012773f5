/** Turns the pipeline files of other systems into Flujo's, and says line by line what could not be turned. */
package dev.flujo.core.plan.convert;
