/** The commands that read pipeline files on this machine: check them, and foresee what they would do. */
package dev.flujo.stack.file;
