package dev.flujo.runner.cache;

import dev.flujo.kit.blob.S3Bucket;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Notes as objects of a bucket; when one was last used is when it was last written, so that a list tells it. A note that was
 * listed once is asked for again only when its tag is another: a list costs a request for a thousand notes.
 */
final class S3CacheIndex implements CacheIndex {

    /** A use within so long after another one is not worth a request. */
    private static final Duration LATELY = Duration.ofHours(1);

    private final S3Bucket bucket;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    private record Known(Optional<String> tag, String text) {}

    S3CacheIndex(S3Bucket bucket) {
        this.bucket = bucket;
    }

    @Override
    public Optional<Note> read(String name) throws IOException {
        return bucket.read(name).map(found -> new Note(name, found.text(), found.writtenAt()));
    }

    @Override
    public List<Note> below(String name) throws IOException {
        String beginning = name.isEmpty() ? "" : name + "/";
        List<Note> notes = new ArrayList<>();
        Set<String> there = new HashSet<>();
        for (S3Bucket.Listed listed : bucket.list(beginning)) {
            there.add(listed.name());
            text(listed).ifPresent(text -> notes.add(new Note(listed.name(), text, listed.writtenAt())));
        }
        known.keySet().removeIf(each -> each.startsWith(beginning) && !there.contains(each));
        return notes;
    }

    @Override
    public void write(String name, String text) throws IOException {
        bucket.write(name, text);
    }

    @Override
    public void used(Note note) throws IOException {
        if (note.usedAt().plus(LATELY).isBefore(Instant.now())) {
            bucket.touch(note.name());
        }
    }

    @Override
    public void delete(String name) throws IOException {
        bucket.delete(name);
    }

    /** A tag never comes again with another text: no two notes of a name say the same, since each says when it was written. */
    private Optional<String> text(S3Bucket.Listed listed) throws IOException {
        Known before = known.get(listed.name());
        if (before != null && listed.tag().isPresent() && before.tag().equals(listed.tag())) {
            return Optional.of(before.text());
        }
        Optional<S3Bucket.Text> found = bucket.read(listed.name());
        found.ifPresent(now -> known.put(listed.name(), new Known(listed.tag(), now.text())));
        return found.map(S3Bucket.Text::text);
    }
}
