/** What forges send. */
package dev.flujo.pipeline.webhook;
