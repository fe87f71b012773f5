package dev.flujo.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much memory a process holds. */
public final class Memory {

    private Memory() {}

    /** The resident memory in MiB; negative if the process is gone. */
    public static long residentMiB(long pid) {
        return mebibytes(pid, "VmRSS:");
    }

    /** The most resident memory that it ever had, in MiB; negative if the process is gone. */
    public static long mostResidentMiB(long pid) {
        return mebibytes(pid, "VmHWM:");
    }

    private static long mebibytes(long pid, String what) {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                            .filter(line -> line.startsWith(what))
                            .map(line -> line.replaceAll("\\D", ""))
                            .mapToLong(Long::parseLong)
                            .findFirst()
                            .orElse(-1024)
                    / 1024;
        } catch (IOException e) {
            return -1;
        }
    }

    static String resident(long pid) {
        return residentMiB(pid) + " MiB";
    }
}
