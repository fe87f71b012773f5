package dev.flujo.pipeline.messaging;

import java.util.LinkedHashMap;
import java.util.Map;

/** A map that forgets what was not used for longest when it grows too large. Not safe for several threads. */
public final class Recent<K, V> extends LinkedHashMap<K, V> {

    private static final long serialVersionUID = 1L;

    private final int most;

    public Recent(int most) {
        super(64, 0.75f, true);
        this.most = most;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > most;
    }
}
