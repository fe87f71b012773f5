/** What names a source: repositories, branches, commits; as strict as git itself, and stricter. */
package dev.flujo.pipeline.source;
