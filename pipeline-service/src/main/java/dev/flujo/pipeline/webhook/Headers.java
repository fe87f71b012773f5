package dev.flujo.pipeline.webhook;

import java.util.Optional;

/** The headers of a delivery. */
interface Headers {

    /** The header of that name, in whatever case; none where it is missing or blank. */
    Optional<String> get(String name);
}
