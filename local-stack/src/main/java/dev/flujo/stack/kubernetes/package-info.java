/** A Kubernetes API server, and nodes whose pods do what a test wants, for the tests of services that talk to clusters. */
package dev.flujo.stack.kubernetes;
