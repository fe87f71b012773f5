/** Who may use the API. */
package dev.flujo.pipeline.token;
