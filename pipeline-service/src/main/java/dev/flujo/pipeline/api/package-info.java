/** What users meet: the REST resources and their views. */
package dev.flujo.pipeline.api;
