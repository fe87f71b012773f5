package dev.flujo.kit.event;

import dev.flujo.event.EventCodec;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Gives a service the one codec. */
@Singleton
public class EventCodecProducer {

    @Produces
    @Singleton
    EventCodec codec() {
        return new EventCodec();
    }
}
