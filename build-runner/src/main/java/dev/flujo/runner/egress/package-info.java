/** What jobs reach that may not reach everything. */
package dev.flujo.runner.egress;
