/** The orchestrator, the history, and the user's one origin. */
package dev.flujo.pipeline;
