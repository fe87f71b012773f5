package dev.flujo.runner;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** How long the machine has been up: a time that nobody sets, and that the next life of the runner reads as this one does. */
record Uptime(double seconds) {

    private static final Path SOURCE = Path.of("/proc/uptime");

    static Uptime now() throws IOException {
        return read(SOURCE);
    }

    /** What has passed since this was noted; nothing if nothing was, or if the machine has begun anew since. */
    static Duration since(Path note) {
        try {
            double passed = now().seconds() - read(note).seconds();
            return passed > 0 ? Duration.ofMillis((long) (passed * 1000)) : Duration.ZERO;
        } catch (IOException e) {
            return Duration.ZERO;
        }
    }

    void noteIn(Path file) throws IOException {
        Files.writeString(file, Double.toString(seconds));
    }

    private static Uptime read(Path file) throws IOException {
        String text = Files.readString(file);
        try {
            return new Uptime(Double.parseDouble(text.strip().split(" ", 2)[0]));
        } catch (NumberFormatException e) {
            throw new IOException("Expected seconds in " + file + ", but found '" + text + "'", e);
        }
    }
}
