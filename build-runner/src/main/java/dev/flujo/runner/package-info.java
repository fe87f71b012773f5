/** A runner: takes attempts of jobs from its pool, executes them, and reports what happens. */
package dev.flujo.runner;
