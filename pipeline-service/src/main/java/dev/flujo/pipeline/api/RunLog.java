package dev.flujo.pipeline.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flujo.core.run.Run;
import dev.flujo.event.Decoded;
import dev.flujo.event.Envelope;
import dev.flujo.event.Event;
import dev.flujo.event.EventCodec;
import dev.flujo.event.RunEvent.DefinitionRefused;
import dev.flujo.event.RunEvent.RunRefused;
import dev.flujo.event.RunEvent.RunSkipped;
import dev.flujo.pipeline.store.RunEvents;
import dev.flujo.pipeline.store.StoredEvent;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The logs of runs, as far as the history has them. */
@ApplicationScoped
public class RunLog {

    private static final int AT_ONCE = 1000;
    private static final long END = Long.MAX_VALUE;

    private final RunEvents events;
    private final EventCodec codec;
    private final ObjectMapper json;

    RunLog(RunEvents events, EventCodec codec) {
        this.events = events;
        this.codec = codec;
        this.json = codec.mapper();
    }

    /** The whole log of a run. */
    List<Envelope> of(UUID run) {
        List<Envelope> log = new ArrayList<>();
        long after = 0;
        List<StoredEvent> page;
        do {
            page = events.page(run, after, END, AT_ONCE);
            for (StoredEvent event : page) {
                log.add(read(event));
                after = event.sequence();
            }
        } while (page.size() == AT_ONCE);
        return log;
    }

    /** The run that a log tells of; none where nothing of it ever began. */
    static Optional<Run> run(List<Envelope> log) {
        Optional<Run> run = Optional.empty();
        for (Envelope envelope : log) {
            if (neverBegan(envelope.event())) {
                return Optional.empty();
            }
            run = Optional.of(Run.evolve(run, envelope.event()));
        }
        return run;
    }

    private static boolean neverBegan(Event event) {
        return event instanceof RunRefused || event instanceof RunSkipped || event instanceof DefinitionRefused;
    }

    private Envelope read(StoredEvent event) {
        try {
            if (codec.decode(json.readTree(event.json())) instanceof Decoded.Known known) {
                return known.envelope();
            }
            throw new IllegalStateException("Expected a stored event that can be read, but it is " + event.type());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Expected a stored event as JSON, but " + e.getOriginalMessage(), e);
        }
    }
}
