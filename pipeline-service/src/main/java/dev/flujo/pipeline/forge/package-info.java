/** The forges that Flujo asks and tells: one port, and what each of them understands. */
package dev.flujo.pipeline.forge;
