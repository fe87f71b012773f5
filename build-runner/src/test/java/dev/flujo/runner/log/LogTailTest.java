package dev.flujo.runner.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.LogEvent.LogAppended;
import dev.flujo.event.Work;
import dev.flujo.runner.AttemptDirectory;
import dev.flujo.runner.Works;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogTailTest {

    private static final long NO_LIMIT = Long.MAX_VALUE;

    private final Work work = Works.of("true");
    private final List<LogAppended> chunks = new ArrayList<>();

    @TempDir
    Path path;

    @Test
    void passesOnWholeLinesAndTheLastOneAtTheEnd() throws IOException {
        LogTail tail = tail(NO_LIMIT);
        print(0, "one\ntwo\nthr");
        tail.follow(0);
        assertEquals(List.of("one\ntwo"), texts());

        print(0, "ee");
        assertEquals(3, tail.finish(0));

        assertEquals(List.of("one\ntwo", "three"), texts());
        assertEquals(List.of(0, 1), chunks.stream().map(LogAppended::chunk).toList());
        assertEquals(
                List.of(1L, 3L), chunks.stream().map(LogAppended::firstLine).toList());
    }

    @Test
    void numbersLinesThroughAllSteps() throws IOException {
        LogTail tail = tail(NO_LIMIT);
        print(-1, "checkout\n");
        tail.finish(-1);
        print(0, "a\n\nb\n");

        assertEquals(3, tail.finish(0));

        assertEquals(4, tail.lines());
        assertEquals(
                List.of(1L, 2L), chunks.stream().map(LogAppended::firstLine).toList());
        assertEquals("a\n\nb", chunks.get(1).text());
    }

    @Test
    void countsEveryOneOfManyLines() throws IOException {
        String text =
                IntStream.range(0, 100_000).mapToObj(i -> "line " + i).collect(Collectors.joining("\n", "", "\n"));
        LogTail tail = tail(NO_LIMIT);
        print(0, text);

        assertEquals(100_000, tail.finish(0));

        assertEquals(text.stripTrailing(), String.join("\n", texts()));
    }

    @Test
    void saysTheSameAgainAfterARestartAndGoesOn() throws IOException {
        LogTail first = tail(NO_LIMIT);
        print(0, "one\n");
        first.follow(0);
        print(0, "two\n");
        first.follow(0);
        List<LogAppended> before = List.copyOf(chunks);
        chunks.clear();

        LogTail second = tail(NO_LIMIT);
        print(0, "three");
        second.finish(0);

        assertEquals(before.stream().map(LogAppended::text).toList(), texts().subList(0, before.size()));
        assertEquals(List.of("one", "two", "three"), texts());
        assertEquals(3, second.lines());
    }

    @Test
    void cutsOverlongLinesWithAMarkAndEndsAFloodWithOne() throws IOException {
        LogTail tail = tail(300_000);
        print(0, "x".repeat(100_000) + "\n" + "y".repeat(400_000));

        tail.finish(0);

        assertTrue(
                texts().get(0).contains("[cut: 34464 more characters]"),
                texts().get(0).substring(65_500));
        assertTrue(texts().get(texts().size() - 1).startsWith("[the output of this step is longer than"));
    }

    private LogTail tail(long mostBytes) throws IOException {
        return new LogTail(new AttemptDirectory(path), work, mostBytes, chunks::add);
    }

    private void print(int step, String text) throws IOException {
        Files.writeString(path.resolve("output." + step), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private List<String> texts() {
        return chunks.stream().map(LogAppended::text).toList();
    }
}
