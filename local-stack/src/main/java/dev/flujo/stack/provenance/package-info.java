/** Checks of where artifacts come from. */
package dev.flujo.stack.provenance;
