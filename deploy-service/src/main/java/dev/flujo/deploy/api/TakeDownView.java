package dev.flujo.deploy.api;

import java.util.UUID;

/** An environment is about to be taken down; its history has this id when it is. */
public record TakeDownView(UUID takeDown) {}
