package dev.flujo.deploy.rollout;

/** Why a stage is not passed, and whether somebody wants just that. */
record Trouble(String reason, boolean wanted) {}
