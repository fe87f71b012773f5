/** Expressions of the pipeline language: CEL, checked when a file is read, evaluated when its names have values. */
package dev.flujo.core.plan.expression;
