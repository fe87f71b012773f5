package dev.flujo.deploy.api;

/** The version beside which the one before is not needed any more. */
public record ConfirmBody(Integer version) {}
