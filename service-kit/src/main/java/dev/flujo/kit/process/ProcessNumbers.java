package dev.flujo.kit.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * How many processes and threads the machine had begun at a moment, and its age then, in ticks. The kernel gives out numbers
 * in rising order, and begins anew at the lowest free one once it has come to the highest.
 */
record ProcessNumbers(long begun, long ticks) {

    private static final Logger LOG = Logger.getLogger(ProcessNumbers.class);

    private static final long TICKS_PER_SECOND = 100;

    /** So old is a newborn at most, and so many others a machine begins at most in that time. */
    private static final long NEWBORN_TICKS = 10;

    private static final long MOST_BEGUN_SINCE_BIRTH = 1000;

    static ProcessNumbers now() {
        return read().orElse(new ProcessNumbers(-1, Long.MAX_VALUE));
    }

    /**
     * Whether everything that was begun since then has a higher number than this process, which was newly born then: so few
     * were begun that the numbers cannot have started anew. If in doubt, no.
     */
    boolean risenSince(long process, long birth) {
        Optional<Long> highest = number(Path.of("/proc/sys/kernel/pid_max"));
        Optional<ProcessNumbers> now = read();
        return begun >= 0
                && ticks - birth <= NEWBORN_TICKS
                && highest.isPresent()
                && now.isPresent()
                && process + MOST_BEGUN_SINCE_BIRTH + (now.get().begun - begun) < highest.get();
    }

    private static Optional<ProcessNumbers> read() {
        try {
            String uptime = Files.readString(Path.of("/proc/uptime"), StandardCharsets.US_ASCII);
            double seconds = Double.parseDouble(uptime.substring(0, uptime.indexOf(' ')));
            return Files.readAllLines(Path.of("/proc/stat"), StandardCharsets.US_ASCII).stream()
                    .filter(line -> line.startsWith("processes "))
                    .map(line -> Long.parseLong(line.substring(line.indexOf(' ') + 1)))
                    .map(begun -> new ProcessNumbers(begun, (long) (seconds * TICKS_PER_SECOND)))
                    .findFirst();
        } catch (IOException e) {
            LOG.debugf("no number of processes: %s", e.getMessage());
            return Optional.empty();
        }
    }

    private static Optional<Long> number(Path file) {
        try {
            return Optional.of(Long.parseLong(
                    Files.readString(file, StandardCharsets.US_ASCII).strip()));
        } catch (IOException e) {
            LOG.debugf("no number in %s: %s", file, e.getMessage());
            return Optional.empty();
        }
    }
}
