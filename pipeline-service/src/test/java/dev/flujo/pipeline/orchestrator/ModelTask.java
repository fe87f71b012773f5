package dev.flujo.pipeline.orchestrator;

import dev.flujo.event.Topic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.streams.processor.api.Record;

/**
 * One task of the orchestrator: a processor with its store. Whatever it has read, kept and sent since its last commit counts
 * with the next one, or never was: it may die at any time, and another replica goes on from the last commit.
 */
final class ModelTask {

    private final MemoryStore store;
    private final ModelTopics topics;
    private final Supplier<EventProcessor> processors;
    private final List<Topic> sources;
    private final Predicate<String> mine;
    private final Consumer<List<ModelContext.Sent>> committed;
    private final Map<From, Integer> read = new HashMap<>();
    private final Map<From, Integer> offsets = new HashMap<>();
    private ModelContext context;
    private EventProcessor processor;

    private record From(Topic topic, String key) {}

    /** What a task reads, and whose records. */
    record Reads(List<Topic> sources, Predicate<String> keys) {}

    /** @param committed is told of what counts, in the moment in which it does */
    ModelTask(
            MemoryStore store,
            ModelTopics topics,
            Supplier<EventProcessor> processors,
            Reads reads,
            Consumer<List<ModelContext.Sent>> committed) {
        this.store = store;
        this.topics = topics;
        this.processors = processors;
        this.sources = reads.sources();
        this.mine = reads.keys();
        this.committed = committed;
        open();
    }

    MemoryStore store() {
        return store;
    }

    /** Takes one record of those that are the next of their keys, whichever; gives whether there was one. */
    boolean step(Random random) {
        List<From> open = open(sources);
        if (open.isEmpty()) {
            return false;
        }
        From from = open.get(random.nextInt(open.size()));
        int position = read.getOrDefault(from, 0);
        Record<byte[], byte[]> record = topics.of(from.topic(), from.key()).get(position);
        context.reading(from.topic());
        processor.process(record);
        read.put(from, position + 1);
        return true;
    }

    void ring() {
        context.ring();
    }

    void commit() {
        offsets.putAll(read);
        store.commit();
        List<ModelContext.Sent> sent = List.copyOf(context.sent());
        context.sent().clear();
        sent.forEach(one -> topics.append(one.topic(), one.record()));
        committed.accept(sent);
    }

    /** Dies; another one takes over. */
    void kill() {
        store.abort();
        read.clear();
        read.putAll(offsets);
        open();
    }

    private void open() {
        context = new ModelContext(store, topics);
        processor = processors.get();
        processor.init(context.ofBytes());
    }

    private List<From> open(List<Topic> of) {
        List<From> open = new ArrayList<>();
        for (Topic topic : of) {
            for (String key : topics.keys(topic)) {
                From from = new From(topic, key);
                if (mine.test(key)
                        && read.getOrDefault(from, 0) < topics.of(topic, key).size()) {
                    open.add(from);
                }
            }
        }
        return open;
    }
}
