package dev.flujo.stack;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class MemoryTest {

    @Test
    void aProcessHasHadAtLeastWhatItHas() {
        long pid = ProcessHandle.current().pid();

        long now = Memory.residentMiB(pid);

        assertTrue(now > 0);
        assertTrue(Memory.mostResidentMiB(pid) >= now);
    }

    @Test
    void aProcessThatIsGoneHasNoMemory() {
        assertTrue(Memory.residentMiB(Long.MAX_VALUE) < 0);
        assertTrue(Memory.mostResidentMiB(Long.MAX_VALUE) < 0);
    }
}
