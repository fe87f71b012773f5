package dev.flujo.deploy.rollout;

import dev.flujo.deploy.config.ConfigStore;
import dev.flujo.event.ConfigEvent.ConfigGiven;
import java.util.function.Consumer;

/**
 * What is known of environments besides their rollouts: where their settings and secrets lie, who is told which deployment was given
 * which of them, how long they are there, and who answers for them.
 */
public record Desk(ConfigStore store, Consumer<ConfigGiven> told, Stays stays, JobAnswers jobs) {}
