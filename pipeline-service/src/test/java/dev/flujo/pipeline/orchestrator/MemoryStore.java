package dev.flujo.pipeline.orchestrator;

import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/** The state store of a task, in memory: what is written counts with the commit, and never was if the task dies before. */
final class MemoryStore implements KeyValueStore<String, byte[]> {

    private final String name;
    private final TreeMap<String, byte[]> rows = new TreeMap<>();
    private final Map<String, byte[]> before = new HashMap<>();
    private int writes;

    MemoryStore(String name) {
        this.name = name;
    }

    void commit() {
        before.clear();
    }

    void abort() {
        before.forEach((key, old) -> {
            if (old == null) {
                rows.remove(key);
            } else {
                rows.put(key, old);
            }
        });
        before.clear();
    }

    /** The keys that begin with this. */
    List<String> keys(String prefix) {
        return rows.tailMap(prefix, true).keySet().stream()
                .takeWhile(key -> key.startsWith(prefix))
                .toList();
    }

    /** How often anything was written since it was opened. */
    int writes() {
        return writes;
    }

    @Override
    public void put(String key, byte[] value) {
        writes++;
        byte[] old = value == null ? rows.remove(key) : rows.put(key, value);
        if (!before.containsKey(key)) {
            before.put(key, old);
        }
    }

    @Override
    public byte[] putIfAbsent(String key, byte[] value) {
        byte[] old = rows.get(key);
        if (old == null) {
            put(key, value);
        }
        return old;
    }

    @Override
    public void putAll(List<KeyValue<String, byte[]>> entries) {
        entries.forEach(entry -> put(entry.key, entry.value));
    }

    @Override
    public byte[] delete(String key) {
        byte[] old = rows.get(key);
        put(key, null);
        return old;
    }

    @Override
    public byte[] get(String key) {
        return rows.get(key);
    }

    @Override
    public KeyValueIterator<String, byte[]> range(String from, String to) {
        return new Rows(rows.subMap(from, true, to, true));
    }

    @Override
    public KeyValueIterator<String, byte[]> all() {
        return new Rows(rows);
    }

    @Override
    public long approximateNumEntries() {
        return rows.size();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {}

    @Override
    public void close() {}

    @Override
    public boolean persistent() {
        return false;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    private static final class Rows implements KeyValueIterator<String, byte[]> {

        private final Iterator<Map.Entry<String, byte[]>> entries;

        Rows(Map<String, byte[]> entries) {
            this.entries = List.copyOf(entries.entrySet()).iterator();
        }

        @Override
        public boolean hasNext() {
            return entries.hasNext();
        }

        @Override
        public KeyValue<String, byte[]> next() {
            Map.Entry<String, byte[]> entry = entries.next();
            return KeyValue.pair(entry.getKey(), entry.getValue());
        }

        @Override
        public String peekNextKey() {
            throw new UnsupportedOperationException("nobody peeks");
        }

        @Override
        public void close() {}
    }
}
