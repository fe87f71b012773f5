package dev.flujo.kit.blob;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;

/** Blobs as files of one directory, two levels deep by the first digits of their names. */
public final class FileBlobStore implements BlobStore {

    private final Path directory;

    public FileBlobStore(Path directory) {
        this.directory = directory;
    }

    @Override
    public Blob put(Path file) throws IOException {
        Path incoming = Files.createDirectories(directory.resolve("incoming"));
        Path copy = Files.createTempFile(incoming, "blob", ".tmp");
        try {
            MessageDigest digest = Blob.digest();
            try (OutputStream out = new DigestOutputStream(Files.newOutputStream(copy), digest)) {
                Files.copy(file, out);
            }
            try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Blob blob = Blob.named(digest, Files.size(copy));
            Path place = place(blob.sha256());
            Files.createDirectories(place.getParent());
            Files.move(copy, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return blob;
        } finally {
            Files.deleteIfExists(copy);
        }
    }

    @Override
    public InputStream open(String sha256) throws IOException {
        return Files.newInputStream(place(sha256));
    }

    @Override
    public void delete(String sha256) throws IOException {
        Files.deleteIfExists(place(sha256));
    }

    private Path place(String sha256) {
        String name = Blob.checkName(sha256);
        return directory
                .resolve(name.substring(0, 2))
                .resolve(name.substring(2, 4))
                .resolve(name);
    }
}
