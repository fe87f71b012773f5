/** Where artifacts come from: in-toto statements with SLSA provenance, signed in DSSE envelopes. */
package dev.flujo.event.provenance;
