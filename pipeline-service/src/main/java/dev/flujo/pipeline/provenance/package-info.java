/** Signs where the artifacts of runs come from. */
package dev.flujo.pipeline.provenance;
