/** What of the network may be reached by, or for, those who may not reach everything. */
package dev.flujo.runner.egress;
