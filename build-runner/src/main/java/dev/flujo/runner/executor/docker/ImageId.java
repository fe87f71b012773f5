package dev.flujo.runner.executor.docker;

import dev.flujo.event.JobEvent.Image;

/** What the name of an image stands for now: what is reported of it, and the id by which containers are made of it. */
record ImageId(Image image, String id) {}
