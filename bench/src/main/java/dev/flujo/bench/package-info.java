/** Measures a whole Flujo on this machine and holds the figures against what they have to be. */
package dev.flujo.bench;
