/** YAML 1.2 without its surprises: text to nodes that know their place, and what is wrong on the way. */
package dev.flujo.core.plan.yaml;
