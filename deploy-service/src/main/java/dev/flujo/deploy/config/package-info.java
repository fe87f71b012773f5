/** Settings and secrets of environments: kept with their versions, sealed where they are secrets. */
package dev.flujo.deploy.config;
