package dev.flujo.pipeline.forge;

/** Somebody at a forge: the name that people see, and what the forge itself knows this user by. */
public record ForgeUser(String name, String id) {}
