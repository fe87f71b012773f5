/** The pipeline language: a pipeline file read strictly, with all of its problems at once. */
package dev.flujo.core.plan;
