package dev.flujo.runner.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.Envelope;
import dev.flujo.event.EventCodec;
import dev.flujo.event.LogEvent.LogAppended;
import dev.flujo.event.Topic;
import dev.flujo.event.Work;
import dev.flujo.runner.AttemptDirectory;
import dev.flujo.runner.Works;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogTailTest {

    private static final long NO_LIMIT = Long.MAX_VALUE;
    private static final String SECRET = "correct horse battery";

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
    void followsAStepThatPrintsFastAtItsOwnPaceAndCatchesUpAtTheEnd() throws IOException {
        int lines = LogTail.LOOK_BYTES / 10;
        String text = "nine char\n".repeat(2 * lines);
        LogTail tail = tail(NO_LIMIT);
        print(0, text);

        tail.follow(0);
        long seen = tail.lines();
        assertTrue(seen > 0 && seen <= lines + LogTail.CHUNK_BYTES / 10, () -> seen + " lines at the first look");

        assertEquals(2L * lines, tail.finish(0));
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

    @Test
    void replacesWhatIsNoTextAndKeepsTheRest() throws IOException {
        LogTail tail = tail(NO_LIMIT);
        write(0, new byte[] {'a', (byte) 0xff, (byte) 0xfe, '\n', (byte) 0xc3, '\n', 0, 27, '[', '3', '1', 'm', '\n'});

        assertEquals(3, tail.finish(0));

        assertEquals(List.of("a\uFFFD\uFFFD\n\uFFFD\n\0\u001b[31m"), texts());
    }

    @Test
    void countsALineThatIsLongerThanAChunkAsOneAlsoAfterARestart() throws IOException {
        print(0, "before\n" + "x".repeat(LogTail.CHUNK_BYTES * 3) + "\nafter\n");
        LogTail first = tail(NO_LIMIT);
        first.follow(0);
        assertEquals(3, first.finish(0));
        List<String> told = texts();
        assertEquals("x".repeat(LogTail.LINE_BYTES) + "[cut: this line goes on]", told.get(1));
        assertEquals(List.of("before", "after"), List.of(told.get(0), told.get(2)));
        chunks.clear();

        LogTail second = tail(NO_LIMIT);
        print(0, "z".repeat(LogTail.CHUNK_BYTES * 2));

        assertEquals(4, second.finish(0));
        assertEquals(told, texts().subList(0, 3));
        assertNumbered();
    }

    @Test
    void cutsNoCharacterInTwo() throws IOException {
        print(0, "x" + "\uD83D\uDE00".repeat(LogTail.LINE_BYTES / 2) + "\n");

        tail(NO_LIMIT).finish(0);

        assertEquals(
                "x" + "\uD83D\uDE00".repeat(LogTail.LINE_BYTES / 2 - 1) + "[cut: 2 more characters]", texts().get(0));
    }

    @Test
    void keepsCarriageReturnsWithinLines() throws IOException {
        print(0, "10 %\r20 %\r" + "x".repeat(LogTail.LINE_BYTES) + "\r\nend\r\n");

        assertEquals(2, tail(NO_LIMIT).finish(0));

        assertTrue(texts().get(0).startsWith("10 %\r20 %\rx"));
        assertTrue(texts().get(0).endsWith("\nend\r"));
    }

    @Test
    void makesNoChunkThatIsTooLargeForItsTopic() throws IOException {
        print(0, ("\u0001".repeat(60_000) + "\n").repeat(10));

        tail(NO_LIMIT).finish(0);

        for (LogAppended chunk : chunks) {
            Envelope envelope = Envelope.of("id", URI.create("/runner"), Instant.EPOCH, new UUID(0, 1), chunk);
            assertTrue(new EventCodec().encode(Topic.LOGS, envelope).value().length <= Topic.MOST_BYTES);
        }
        assertNumbered();
    }

    @Test
    void passesNothingOnOfAStepThatHasFinished() throws IOException {
        LogTail tail = tail(NO_LIMIT);
        print(0, "zero\n");
        tail.finish(0);
        print(1, "one\n");
        tail.follow(1);
        print(0, "late\n");

        tail.follow(0);
        tail.finish(1);

        assertEquals(List.of("zero", "one"), texts());
    }

    @Test
    void forgetsANoteThatACrashHasCutOff() throws IOException {
        LogTail first = tail(NO_LIMIT);
        print(0, "one\n");
        first.follow(0);
        Files.writeString(path.resolve("chunks"), "1 0 4", StandardOpenOption.APPEND);
        print(0, "two\n");
        chunks.clear();

        LogTail second = tail(NO_LIMIT);
        second.finish(0);

        assertEquals(List.of("one", "two"), texts());
        assertEquals(List.of("0 0 0 4 1 1", "1 0 4 4 2 1"), Files.readAllLines(path.resolve("chunks")));
    }

    @Test
    void tellsThatItsNotesCannotBeWritten() throws IOException {
        LogTail tail = tail(NO_LIMIT);
        print(0, "one\n");
        Files.createDirectory(path.resolve("chunks"));

        assertThrows(IOException.class, () -> tail.finish(0));

        assertEquals(List.of(), texts());
    }

    private void assertNumbered() {
        long line = 1;
        for (int i = 0; i < chunks.size(); i++) {
            assertEquals(i, chunks.get(i).chunk());
            assertEquals(line, chunks.get(i).firstLine());
            line += chunks.get(i).lines();
        }
    }

    private void write(int step, byte[] bytes) throws IOException {
        Files.write(output(step), bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    @Test
    void masksASecretThatIsWrittenInTwoParts() throws IOException {
        LogTail tail = tail(NO_LIMIT);
        print(0, "before correct ho");
        tail.follow(0);
        print(0, "rse battery after\n");
        tail.finish(0);

        assertEquals(List.of("before *** after"), texts());
    }

    @Test
    void masksASecretThatLiesWhereALongLineIsCut() throws IOException {
        LogTail tail = tail(NO_LIMIT);
        print(0, "x".repeat(LogTail.LINE_BYTES - 5) + SECRET + "y".repeat(LogTail.CHUNK_BYTES) + "\n");
        tail.finish(0);

        assertFalse(texts().toString().contains(SECRET.substring(0, 5)), texts().toString());
    }

    @Test
    void readsNothingThatAJobHasPutInThePlaceOfItsOutput() throws IOException {
        Path elsewhere = Files.writeString(path.resolve("elsewhere"), "a secret of the machine\n");
        LogTail tail = tail(NO_LIMIT);
        Files.createSymbolicLink(output(0), elsewhere);

        tail.follow(0);
        IOException refused = assertThrows(IOException.class, () -> tail.finish(0));

        assertEquals(List.of(), texts());
        assertTrue(refused.getMessage().contains("step 0"), refused.getMessage());
    }

    private LogTail tail(long mostBytes) throws IOException {
        return new LogTail(new AttemptDirectory(path), work, mostBytes, SecretMask.of(List.of(SECRET)), chunks::add);
    }

    private void print(int step, String text) throws IOException {
        Files.writeString(output(step), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private List<String> texts() {
        return chunks.stream().map(LogAppended::text).toList();
    }

    private Path output(int step) throws IOException {
        AttemptDirectory directory = new AttemptDirectory(path);
        directory.make();
        return directory.output(step);
    }
}
