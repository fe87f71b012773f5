/** The clocks of a service. */
package dev.flujo.kit.time;
