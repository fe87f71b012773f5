package dev.flujo.pipeline.orchestrator;

import dev.flujo.event.AnalysisEvent.AnalysisRequested;
import dev.flujo.event.DerivedId;
import dev.flujo.event.PipelineEvent.PipelineDefined;
import dev.flujo.event.PipelineEvent.SourceDeclared;
import dev.flujo.event.PipelineEvent.TemplateDefined;
import dev.flujo.event.SignalEvent.UpstreamWatched;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/** What a task knows of its projects, in its state stores, with what is in use kept as objects in front of them. */
final class ProjectStores {

    /** One store, so that a transaction touches one changelog; what lies in it begins with its kind. */
    static final String STORE = "projects";

    private static final String PIPELINE = "pipeline/";
    private static final String TEMPLATE = "template/";
    private static final String HEAD = "head/";
    private static final String APPROVING = "approving/";
    private static final String TIMER = "timer/";
    private static final String TICK = "tick/";
    private static final String WATCH = "watch/";
    private static final String SOURCE = "source/";
    private static final String FILE = "file/";
    private static final String READING = "reading/";
    private static final String REQUEST = "request/";
    private static final String SEEN_REQUEST = "seen-request/";
    private static final String ASKED = "asked/";
    private static final String FOUND = "found/";
    private static final String ANALYSIS = "analysis/";

    private final Rows rows;
    private final KeyValueStore<String, byte[]> store;
    private final LockStore locks;
    private final RunStore runs;
    private final Map<String, Definition> cachedDefinitions = new HashMap<>();
    private final Map<String, Optional<SourceDeclared>> cachedSources = new HashMap<>();

    ProjectStores(ProcessorContext<byte[], byte[]> context, Rows rows) {
        this.rows = rows;
        this.store = context.getStateStore(STORE);
        this.locks = new LockStore(store, rows);
        this.runs = new RunStore(store, rows);
    }

    RunStore runs() {
        return runs;
    }

    /** Where a project takes its pipelines from, if it is its repository. */
    Optional<SourceDeclared> source(String project) {
        return cachedSources.computeIfAbsent(project, unused -> Optional.ofNullable(store.get(SOURCE + project))
                .map(bytes -> rows.read(bytes, SourceDeclared.class)));
    }

    /** Keeps where a project takes its pipelines from. */
    void putSource(SourceDeclared source) {
        cachedSources.remove(source.project());
        if (source.repository().isPresent()) {
            store.put(SOURCE + source.project(), rows.write(source));
        } else {
            store.delete(SOURCE + source.project());
            putFiles(source.project(), List.of());
        }
    }

    Optional<Definition> definition(String project, String pipeline) {
        return definition(project + "/" + pipeline);
    }

    /** The definition of a pipeline that is named with its project. */
    Optional<Definition> definition(String pipeline) {
        String key = kind(pipeline.substring(0, pipeline.indexOf('/'))) + pipeline;
        Definition cached = cachedDefinitions.get(key);
        if (cached != null) {
            return Optional.of(cached);
        }
        return Optional.ofNullable(store.get(key)).map(bytes -> cache(key, bytes));
    }

    /** The pipelines of a project, by name: as its repository defines them where it takes them from there. */
    List<Definition> definitions(String project) {
        return definitions(kind(project), project);
    }

    /** What was submitted, whether it counts or not. */
    List<Definition> submitted(String project) {
        return definitions(PIPELINE, project);
    }

    private List<Definition> definitions(String kind, String project) {
        List<Definition> found = new ArrayList<>();
        String prefix = kind + project + "/";
        try (KeyValueIterator<String, byte[]> range = store.range(prefix, after(prefix))) {
            while (range.hasNext()) {
                KeyValue<String, byte[]> entry = range.next();
                Definition cached = cachedDefinitions.get(entry.key);
                found.add(cached == null ? cache(entry.key, entry.value) : cached);
            }
        }
        return found;
    }

    /** Keeps a definition that was submitted. */
    Definition putDefinition(PipelineDefined defined) {
        Definition definition = Definition.of(defined);
        put(PIPELINE, definition);
        return definition;
    }

    /** Keeps what the repository of a project defines now, in the place of what it defined before. */
    void putFiles(String project, List<Definition> definitions) {
        for (Definition old : definitions(FILE, project)) {
            String key = FILE + old.defined().subject();
            store.delete(key);
            cachedDefinitions.remove(key);
        }
        definitions.forEach(definition -> put(FILE, definition));
    }

    private void put(String kind, Definition definition) {
        String key = kind + definition.defined().subject();
        store.put(key, rows.write(definition.defined()));
        cachedDefinitions.put(key, definition);
    }

    private String kind(String project) {
        return source(project).isPresent() ? FILE : PIPELINE;
    }

    /** What waits for this run to read. */
    Optional<Reading> reading(UUID run) {
        return Optional.ofNullable(store.get(READING + run)).map(bytes -> rows.read(bytes, Reading.class));
    }

    void putReading(UUID run, Reading reading) {
        store.put(READING + run, rows.write(reading));
    }

    void removeReading(UUID run) {
        store.delete(READING + run);
    }

    /** The question that this run is to answer. */
    Optional<AnalysisRequested> analysis(UUID run) {
        return Optional.ofNullable(store.get(ANALYSIS + run)).map(bytes -> rows.read(bytes, AnalysisRequested.class));
    }

    /** All questions that have no answer yet. */
    List<AnalysisRequested> analyses() {
        List<AnalysisRequested> found = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> range = store.range(ANALYSIS, after(ANALYSIS))) {
            range.forEachRemaining(entry -> found.add(rows.read(entry.value, AnalysisRequested.class)));
        }
        return found;
    }

    void putAnalysis(AnalysisRequested question) {
        store.put(ANALYSIS + question.run(), rows.write(question));
    }

    void removeAnalysis(UUID run) {
        store.delete(ANALYSIS + run);
    }

    /** The newest commit seen of a pull request. */
    Optional<String> request(String project, long number) {
        return Optional.ofNullable(store.get(REQUEST + project + "/" + number))
                .map(bytes -> rows.read(bytes, String.class));
    }

    void putRequest(String project, long number, String commit) {
        store.put(REQUEST + project + "/" + number, rows.write(commit));
    }

    /** What was last heard or seen of a pull request, and when. */
    Optional<SeenCommit> seenRequest(String project, long number) {
        return Optional.ofNullable(store.get(SEEN_REQUEST + project + "/" + number))
                .map(bytes -> rows.read(bytes, SeenCommit.class));
    }

    void putSeenRequest(String project, long number, SeenCommit seen) {
        store.put(SEEN_REQUEST + project + "/" + number, rows.write(seen));
    }

    /** Whether the project's forge was ever asked what there is. */
    boolean asked(String project) {
        return store.get(ASKED + project) != null;
    }

    void putAsked(String project, Instant at) {
        store.put(ASKED + project, rows.write(at));
    }

    /** The note that something has begun its runs without having been delivered. */
    Optional<FoundNote> found(String what) {
        return Optional.ofNullable(store.get(FOUND + what)).map(bytes -> rows.read(bytes, FoundNote.class));
    }

    void putFound(String what, FoundNote note) {
        store.put(FOUND + what, rows.write(note));
    }

    void forgetFoundBefore(Instant time) {
        List<String> old = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> all = store.range(FOUND, after(FOUND))) {
            while (all.hasNext()) {
                KeyValue<String, byte[]> entry = all.next();
                if (rows.read(entry.value, FoundNote.class).at().isBefore(time)) {
                    old.add(entry.key);
                }
            }
        }
        old.forEach(store::delete);
    }

    /** Keeps a template, if its digest is that of its source. */
    void putTemplate(TemplateDefined template) {
        if (DerivedId.digestOf(template.source()).equals(template.digest())) {
            store.put(TEMPLATE + template.subject(), rows.write(template.source()));
        }
    }

    /** The source of a template of these projects, named with its project and digest. */
    Optional<String> template(String reference) {
        return Optional.ofNullable(store.get(TEMPLATE + reference)).map(bytes -> rows.read(bytes, String.class));
    }

    /** The newest commit seen on a branch. */
    Optional<Head> head(String project, String branch) {
        return Optional.ofNullable(store.get(HEAD + project + "/" + branch)).map(bytes -> rows.read(bytes, Head.class));
    }

    void putHead(String project, String branch, Head head) {
        store.put(HEAD + project + "/" + branch, rows.write(head));
    }

    /** The attempts that wait, or have waited, for consent to work on an environment. */
    List<Approving> approving(String project, String lock) {
        List<Approving> found = new ArrayList<>();
        String prefix = APPROVING + project + "/" + lock;
        try (KeyValueIterator<String, byte[]> range = store.range(prefix + "\n", prefix + "\u000b")) {
            range.forEachRemaining(entry -> found.add(rows.read(entry.value, Approving.class)));
        }
        return found;
    }

    void putApproving(Approving wish) {
        store.put(APPROVING + wish.key(), rows.write(wish));
    }

    void removeApproving(Approving wish) {
        store.delete(APPROVING + wish.key());
    }

    LockStore locks() {
        return locks;
    }

    /** The projects that want to be told when a run of the pipeline has ended. */
    List<String> watchers(String project, String pipeline) {
        List<String> watchers = new ArrayList<>();
        String prefix = WATCH + project + "/";
        try (KeyValueIterator<String, byte[]> all = store.range(prefix, after(prefix))) {
            while (all.hasNext()) {
                KeyValue<String, byte[]> entry = all.next();
                if (rows.read(entry.value, UpstreamWatched.class).pipelines().contains(pipeline)) {
                    watchers.add(entry.key.substring(prefix.length()));
                }
            }
        }
        return watchers;
    }

    void putWatched(UpstreamWatched watched) {
        String key = WATCH + watched.project() + "/" + watched.watcher();
        if (watched.pipelines().isEmpty()) {
            store.delete(key);
        } else {
            store.put(key, rows.write(watched));
        }
    }

    /** Keeps an alarm; it rings once {@code due} has passed. */
    void putAlarm(Instant due, Alarm alarm) {
        store.put(timerKey(due) + alarm.id(), rows.write(alarm));
    }

    /** The alarms that are due, by their keys. */
    Map<String, Alarm> due(Instant now) {
        Map<String, Alarm> due = new LinkedHashMap<>();
        try (KeyValueIterator<String, byte[]> range = store.range(timerKey(Instant.EPOCH), timerKey(now))) {
            while (range.hasNext()) {
                KeyValue<String, byte[]> entry = range.next();
                due.put(entry.key, rows.read(entry.value, Alarm.class));
            }
        }
        return due;
    }

    /** The clock was set: every alarm rings after as long a time as before. */
    void shiftAlarms(Duration leap) {
        Map<String, byte[]> shifted = new LinkedHashMap<>();
        List<String> keys = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> range = store.range(TIMER, after(TIMER))) {
            while (range.hasNext()) {
                KeyValue<String, byte[]> entry = range.next();
                int end = entry.key.indexOf('/', TIMER.length());
                Instant due = Instant.ofEpochMilli(Long.parseLong(entry.key.substring(TIMER.length(), end)));
                keys.add(entry.key);
                shifted.put(timerKey(due.plus(leap)) + entry.key.substring(end + 1), entry.value);
            }
        }
        keys.forEach(store::delete);
        shifted.forEach(store::put);
    }

    void removeAlarm(String key) {
        store.delete(key);
    }

    /** Up to when the schedules of a pipeline have been looked at. */
    Optional<Instant> tick(String pipeline) {
        return Optional.ofNullable(store.get(TICK + pipeline)).map(bytes -> rows.read(bytes, Instant.class));
    }

    void putTick(String pipeline, Instant time) {
        store.put(TICK + pipeline, rows.write(time));
    }

    void removeTick(String pipeline) {
        store.delete(TICK + pipeline);
    }

    /** The pipelines that have schedules. */
    Map<String, Instant> ticks() {
        Map<String, Instant> ticks = new LinkedHashMap<>();
        try (KeyValueIterator<String, byte[]> all = store.range(TICK, after(TICK))) {
            while (all.hasNext()) {
                KeyValue<String, byte[]> entry = all.next();
                ticks.put(entry.key.substring(TICK.length()), rows.read(entry.value, Instant.class));
            }
        }
        return ticks;
    }

    private Definition cache(String key, byte[] bytes) {
        Definition definition = Definition.of(rows.read(bytes, PipelineDefined.class));
        cachedDefinitions.put(key, definition);
        return definition;
    }

    /** The first key behind all that begin with this prefix, whose last character is a slash. */
    static String after(String prefix) {
        return prefix.substring(0, prefix.length() - 1) + "0";
    }

    /** Fixed width, so that the order of keys is the order of time. */
    private static String timerKey(Instant due) {
        String millis = Long.toString(due.toEpochMilli());
        return TIMER + "0".repeat(15 - millis.length()) + millis + "/";
    }
}
