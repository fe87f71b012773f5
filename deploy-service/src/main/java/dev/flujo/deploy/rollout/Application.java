package dev.flujo.deploy.rollout;

import dev.flujo.deploy.StopSign;
import dev.flujo.event.Work;
import java.util.UUID;
import java.util.function.Consumer;

/** What is to be applied, and how to say what happens and to learn that it shall stop. */
public record Application(UUID deployment, Work work, Consumer<String> progress, StopSign stop) {}
