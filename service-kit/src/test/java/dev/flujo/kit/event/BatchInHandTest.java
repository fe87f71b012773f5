package dev.flujo.kit.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchInHandTest {

    private static final int MOST_LIVES = 10;

    @TempDir
    private Path directory;

    private final List<String> handled = new ArrayList<>();
    private final List<String> passedOver = new ArrayList<>();
    private BatchInHand note;

    @BeforeEach
    void nextLife() {
        note = BatchInHand.open(directory, "runs");
    }

    @Test
    void handlesBatchesWholeAsLongAsNoLifeEnds() {
        take(batch(0, 3), -1);
        take(batch(3, 5), -1);
        nextLife();
        take(batch(5, 7), -1);

        assertEquals(List.of("0 1 2", "3 4", "5 6"), handled);
    }

    @Test
    void findsTheRecordOfABatchThatEndsOneLifeAfterTheOther() {
        for (int life = 0; life < BatchInHand.MOST_DEATHS; life++) {
            assertThrows(StackOverflowError.class, () -> take(batch(0, 5), 2));
            nextLife();
        }
        assertEquals(List.of("0", "1", "0", "1"), handled, "record by record once the whole batch has ended a life");
        handled.clear();

        take(batch(0, 5), 2);
        take(batch(5, 7), 2);

        assertEquals(List.of("2 after 3"), passedOver);
        assertEquals(List.of("0", "1", "3", "4", "5 6"), handled);
    }

    @Test
    void suspectsARecordThatComesAloneAsMuch() {
        for (int life = 0; life < BatchInHand.MOST_DEATHS; life++) {
            assertThrows(StackOverflowError.class, () -> take(batch(7, 8), 7));
            nextLife();
        }

        take(batch(7, 10), 7);

        assertEquals(List.of("7 after 3"), passedOver);
        assertEquals(List.of("8 9"), batchesOf(batch(8, 10)));
    }

    @Test
    void goesOnToSuspectOneThatEvenPuttingItAsideHasEnded() {
        for (int life = 0; life < BatchInHand.MOST_DEATHS; life++) {
            assertThrows(StackOverflowError.class, () -> take(batch(7, 8), 7));
            nextLife();
        }
        assertThrows(
                StackOverflowError.class,
                () -> note.handle(
                        batch(7, 8),
                        batch -> {
                            throw new AssertionError("not reached");
                        },
                        (record, deaths) -> {
                            throw new StackOverflowError();
                        }));
        nextLife();

        take(batch(7, 8), 7);

        assertEquals(List.of("7 after 4"), passedOver);
    }

    @Test
    void suspectsNothingOfWhatIsHandledInTheEnd() {
        assertThrows(StackOverflowError.class, () -> take(batch(7, 8), 7));
        nextLife();
        take(batch(7, 8), -1);
        assertThrows(StackOverflowError.class, () -> take(batch(7, 8), 7));
        nextLife();
        assertThrows(StackOverflowError.class, () -> take(batch(7, 8), 7));
        nextLife();

        take(batch(7, 8), -1);

        assertEquals(List.of("7", "7"), handled);
    }

    @Test
    void leavesAnotherPartitionWhole() {
        assertThrows(StackOverflowError.class, () -> take(batch(0, 5), 2));
        nextLife();

        note.handle(
                records(1, 0, 3),
                batch -> assertEquals(3, batch.count()),
                (record, deaths) -> passedOver.add(record.toString()));
        assertEquals(List.of(), passedOver);
    }

    @Test
    void doesNotSuspectWhatOnlyFails() {
        for (int life = 0; life < MOST_LIVES; life++) {
            assertThrows(
                    IllegalStateException.class,
                    () -> note.handle(
                            batch(0, 3),
                            batch -> {
                                throw new IllegalStateException("the service is being stopped");
                            },
                            (record, deaths) -> passedOver.add(record.toString())));
            nextLife();
        }
        take(batch(0, 3), -1);

        assertEquals(List.of("0 1 2"), handled);
    }

    @Test
    void beginsAnewWhereItsNoteCannotBeRead() throws IOException {
        Files.writeString(directory.resolve("runs.batch"), "held runs-0@7\nsuspect ru");
        nextLife();

        take(batch(7, 9), -1);

        assertEquals(List.of("7 8"), handled);
    }

    /** Three lives of a real process, with a heap of its own, and the fourth. */
    @Test
    void outlivesARecordThatTakesMoreMemoryThanThereIs() throws IOException, InterruptedException {
        List<Integer> codes = new ArrayList<>();
        String said = "";
        while (codes.size() < MOST_LIVES && !codes.contains(0)) {
            Process life = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx24m",
                            "-XX:+UseSerialGC",
                            "-XX:+ExitOnOutOfMemoryError",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Life.class.getName(),
                            directory.toString())
                    .redirectError(new File(directory.toFile(), "error"))
                    .start();
            said = new String(life.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            codes.add(life.waitFor());
        }

        assertEquals(List.of(3, 3, 3, 0), codes, () -> "codes of exit, 3 for want of memory");
        assertEquals("0 1 [2 after 3] 3 4 ", said.substring(said.lastIndexOf("0 1")));
    }

    /** A process whose third record takes more memory than there is. */
    static final class Life {

        private Life() {}

        public static void main(String[] arguments) {
            BatchInHand.open(Path.of(arguments[0]), "runs")
                    .handle(
                            batch(0, 5),
                            batch -> batch.forEach(record -> {
                                List<byte[]> kept = new ArrayList<>();
                                while (record.offset() == 2) {
                                    kept.add(new byte[1 << 20]);
                                }
                                System.out.print(record.offset() + kept.size() + " ");
                            }),
                            (record, deaths) -> System.out.print("[" + record.offset() + " after " + deaths + "] "));
        }
    }

    /** Handles a batch, and dies of one of its records. */
    private void take(ConsumerRecords<String, byte[]> batch, long deadly) {
        note.handle(
                batch,
                part -> {
                    if (offsets(part).contains(deadly)) {
                        throw new StackOverflowError();
                    }
                    handled.add(offsets(part).stream().map(Object::toString).collect(Collectors.joining(" ")));
                },
                (record, deaths) -> passedOver.add(record.offset() + " after " + deaths));
    }

    private List<String> batchesOf(ConsumerRecords<String, byte[]> batch) {
        handled.clear();
        take(batch, -1);
        return handled;
    }

    private static List<Long> offsets(ConsumerRecords<String, byte[]> batch) {
        return StreamSupport.stream(batch.spliterator(), false)
                .map(ConsumerRecord::offset)
                .toList();
    }

    private static ConsumerRecords<String, byte[]> batch(int from, int end) {
        return records(0, from, end);
    }

    private static ConsumerRecords<String, byte[]> records(int partition, int from, int end) {
        return new ConsumerRecords<>(
                Map.of(
                        new TopicPartition("runs", partition),
                        IntStream.range(from, end)
                                .mapToObj(offset ->
                                        new ConsumerRecord<>("runs", partition, offset, "shop", new byte[] {1}))
                                .toList()),
                Map.of());
    }
}
