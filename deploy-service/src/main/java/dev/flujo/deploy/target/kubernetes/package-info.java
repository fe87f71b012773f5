/** Deployments to Kubernetes: what is applied, in which order, and how it is seen whether it serves. */
package dev.flujo.deploy.target.kubernetes;
