package dev.flujo.runner.cache;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Notes of which caches there are: short texts by name, and when each was last used. A name is made of digests with slashes
 * between. Notes appear whole and are replaced whole, so any number of runners may share an index; one that another runner
 * deletes meanwhile is simply not there.
 */
interface CacheIndex {

    /** What is noted under a name. */
    record Note(String name, String text, Instant usedAt) {}

    /** The note of this very name, if there is one. */
    Optional<Note> read(String name) throws IOException;

    /** All notes whose names begin with this one and a slash, in any order; those of the empty name are all. */
    List<Note> below(String name) throws IOException;

    /** Writes a note, in the place of what was there; that counts as its use, too. */
    void write(String name, String text) throws IOException;

    /** Remembers that a note is used now, to an hour; it changes nothing else, and brings none back. */
    void used(Note note) throws IOException;

    /** Removes a note, if there is one. */
    void delete(String name) throws IOException;
}
