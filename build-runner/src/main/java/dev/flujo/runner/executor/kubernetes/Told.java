package dev.flujo.runner.executor.kubernetes;

import dev.flujo.runner.executor.container.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * What a pod is told, in a file that it reads until there is something for it. The file is there from the beginning: one that
 * is opened again is read as it is now also by another machine, while one that was not there may be missing for a while.
 *
 * @param file what the pod reads
 * @param handed notes that the directories are on their way to the attempt, so no other attempt at that can use them
 */
record Told(Path file, Path handed) {

    static Told in(Place place) {
        return new Told(place.control().resolve("told"), place.path().resolve("handed"));
    }

    /** Makes the file, with nothing in it. */
    void make() throws IOException {
        Files.write(file, new byte[0]);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    }

    /** Whether the pod can still be given an attempt. */
    boolean nothing() throws IOException {
        return Files.exists(file) && !Files.exists(handed) && Files.size(file) == 0;
    }

    /** Whether the pod was told to begin. */
    boolean something() throws IOException {
        return Files.exists(file) && Files.size(file) > 0;
    }

    void noteHanded() throws IOException {
        Files.write(handed, new byte[0]);
    }

    /** Has the pod with this uid begin its steps. */
    void tell(String uid, int steps) throws IOException {
        Files.writeString(file, uid + " " + steps + "\n");
    }
}
