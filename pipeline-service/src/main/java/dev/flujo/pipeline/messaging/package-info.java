/** From the log to the history, and to those who follow it live. */
package dev.flujo.pipeline.messaging;
