package dev.flujo.kit.blob;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * Keeps bytes by their SHA-256. Putting the same bytes twice keeps them once; what is named once never changes. Safe for
 * any number of writers and readers at once, in any number of processes.
 */
public interface BlobStore {

    /** Stores the bytes of a file; when it returns they are durable. */
    Blob put(Path file) throws IOException;

    /**
     * The bytes of a blob, to be closed by the caller.
     *
     * @throws java.nio.file.NoSuchFileException if there is no such blob
     */
    InputStream open(String sha256) throws IOException;

    /** Removes a blob, if there is one; whoever is reading it reads it to its end. */
    void delete(String sha256) throws IOException;
}
