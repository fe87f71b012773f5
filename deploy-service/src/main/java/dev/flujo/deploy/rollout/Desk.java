package dev.flujo.deploy.rollout;

import dev.flujo.deploy.config.ConfigStore;
import dev.flujo.event.ConfigEvent.ConfigGiven;
import java.util.function.Consumer;

/** Where the settings and secrets of environments lie, and who is told which deployment was given which of them. */
public record Desk(ConfigStore store, Consumer<ConfigGiven> told) {}
