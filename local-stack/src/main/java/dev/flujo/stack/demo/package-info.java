/** What {@code ./flujo demo} shows: three commits of a web shop on their way. */
package dev.flujo.stack.demo;
