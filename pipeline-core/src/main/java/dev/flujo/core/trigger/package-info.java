/** Which pipelines an event starts, and what their runs would do. */
package dev.flujo.core.trigger;
