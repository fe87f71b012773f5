/** Environments, and what runs in them. */
package dev.flujo.deploy;
