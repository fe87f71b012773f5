package dev.flujo.stack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class NicenessTest {

    /** Where the niceness stands among what /proc says of a thread, after its name (proc(5)). */
    private static final int NICENESS = 16;

    @TempDir
    Path directory;

    private ServerProcess member;
    private ProcessHandle process;

    @BeforeEach
    void start() {
        member = new ServerProcess("member", directory.resolve("run"), directory.resolve("logs"));
        member.start(new ServerProcess.Launch(List.of("sleep", "1000"), Map.of(), directory));
        process = member.process().orElseThrow();
    }

    @AfterEach
    void end() {
        member.kill();
    }

    @Test
    void aMemberGivesWayWithItsThreads() throws IOException {
        Niceness.giveWay(process);

        String stat = read("stat");
        assertEquals("10", stat.substring(stat.lastIndexOf(") ") + 2).split(" ", -1)[NICENESS]);
    }

    @Test
    void aMemberGivesWayWithItsSessionWhichIsWhatCountsBetweenMembers() throws IOException {
        assumeTrue(Files.exists(file("autogroup")), "this kernel does not group what it schedules by session");

        Niceness.giveWay(process);

        assertEquals("nice 10", read("autogroup").strip().replaceFirst("^/autogroup-\\d+ ", ""));
    }

    private String read(String name) throws IOException {
        return Files.readString(file(name), StandardCharsets.ISO_8859_1);
    }

    private Path file(String name) {
        return Path.of("/proc", Long.toString(process.pid()), name);
    }
}
