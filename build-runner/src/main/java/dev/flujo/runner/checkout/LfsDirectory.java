package dev.flujo.runner.checkout;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The large files of a repository on this machine, where Git LFS keeps them. */
record LfsDirectory(Path repository) implements LfsSource {

    @Override
    public void fetch(List<LfsPointer> pointers, Path to, Taker taker) throws CheckoutException, IOException {
        for (LfsPointer pointer : pointers) {
            Path object = object(pointer);
            if (!Files.isRegularFile(object) || !object.toRealPath().startsWith(repository.toRealPath())) {
                throw new CheckoutException("Expected the large file " + pointer.sha256() + " in " + repository
                        + ", but it is not there; have `git lfs fetch --all` bring it");
            }
            try (LfsContent content = new LfsContent(pointer, to)) {
                Files.copy(object, content);
                content.check();
            }
            taker.take(pointer);
        }
    }

    @Override
    public void close() {}

    private Path object(LfsPointer pointer) {
        String sha256 = pointer.sha256();
        Path git = Files.isDirectory(repository.resolve(".git")) ? repository.resolve(".git") : repository;
        return git.resolve("lfs/objects")
                .resolve(sha256.substring(0, 2))
                .resolve(sha256.substring(2, 4))
                .resolve(sha256);
    }
}
