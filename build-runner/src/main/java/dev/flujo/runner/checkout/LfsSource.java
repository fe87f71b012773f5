package dev.flujo.runner.checkout;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Where the content of the large files of a repository comes from. */
interface LfsSource extends AutoCloseable {

    /** Takes the content of a file, which is deleted by that. */
    interface Taker {
        void take(LfsPointer pointer) throws IOException;
    }

    /** Brings the content of each, one after the other, to the same place, where it is taken away before the next one comes. */
    void fetch(List<LfsPointer> pointers, Path to, Taker taker)
            throws CheckoutException, IOException, InterruptedException;

    @Override
    void close();
}
