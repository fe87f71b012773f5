/** The pure kernel: no clock, no input or output, no randomness, no framework. */
package dev.flujo.core;
