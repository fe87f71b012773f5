package dev.flujo.kit.event;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * What the reader of a topic has in hand, noted in a file that outlives the process: a record that ends one life after the other,
 * as one that takes more memory than there is, is found and passed over in the end. Batches are handled whole. Records of one with which a
 * life has ended are handled one by one, so that it shows which of them it is.
 *
 * <p>The file has a line for each thing that is known, and ends with a line that says so; what a longer note before it has left is not read:
 *
 * <pre>
 * held flujo.runs-3@17       (a record, or "batch")
 * suspect flujo.runs-3@17 2  (so many lives have ended with it in a row)
 * until flujo.runs-3 120     (what is before this offset is handled one by one)
 * end
 * </pre>
 */
final class BatchInHand {

    /** So many lives may end with a record before it is passed over. */
    static final int MOST_DEATHS = 3;

    private static final String BATCH = "batch";
    private static final Logger LOG = Logger.getLogger(BatchInHand.class);

    private final FileChannel file;
    private final Map<String, Long> until = new TreeMap<>();
    private String held = "";
    private Map<String, Long> ends = Map.of();
    private String suspect = "";
    private int deaths;

    private BatchInHand(FileChannel file) {
        this.file = file;
    }

    /** Opens the note of the reader of a topic, with what its lives so far have left there. */
    static BatchInHand open(Path directory, String topic) {
        Path place = directory.resolve(topic + ".batch");
        try {
            Files.createDirectories(directory);
            String before = Files.exists(place) ? new String(Files.readAllBytes(place), StandardCharsets.UTF_8) : "";
            BatchInHand note =
                    new BatchInHand(FileChannel.open(place, StandardOpenOption.CREATE, StandardOpenOption.WRITE));
            if (!before.isEmpty() && !note.read(before)) {
                LOG.warnf(
                        "Expected in %s what the life before had in hand, but it cannot be read; it is made anew",
                        place);
                note.forget();
            }
            note.begin();
            return note;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Expected to keep a note of the batch in hand in " + directory + ", but " + e.getMessage(), e);
        }
    }

    /**
     * Has a batch handled, whole or in batches of one. What is thrown goes on to the caller; only an error, of which the process is
     * expected to end, leaves the note as it is.
     *
     * @param deadly is given instead each record that has ended too many lives, and how many
     */
    void handle(
            ConsumerRecords<String, byte[]> batch,
            Consumer<ConsumerRecords<String, byte[]>> handler,
            ObjIntConsumer<ConsumerRecord<String, byte[]>> deadly) {
        if (batch.count() > 1 && !suspicious(batch)) {
            Map<String, Long> all = new HashMap<>();
            batch.partitions().forEach(partition -> all.put(partition.toString(), end(batch.records(partition))));
            hold(BATCH, all, () -> handler.accept(batch));
            return;
        }
        for (ConsumerRecord<String, byte[]> record : batch) {
            String place = partition(record) + '@' + record.offset();
            int ended = place.equals(suspect) ? deaths : 0;
            hold(place, Map.of(partition(record), record.offset() + 1), () -> {
                if (ended >= MOST_DEATHS) {
                    deadly.accept(record, ended);
                } else {
                    handler.accept(alone(record));
                }
            });
        }
    }

    /** What is in hand fails for a reason that lies elsewhere and may last: a life that ends meanwhile does not end of it. */
    void passes() {
        if (!held.isEmpty()) {
            held = "";
            write();
        }
    }

    private void hold(String what, Map<String, Long> itsEnds, Runnable action) {
        held = what;
        ends = itsEnds;
        write();
        try {
            action.run();
        } catch (RuntimeException e) {
            letGo();
            throw e;
        }
        itsEnds.forEach((partition, end) -> until.computeIfPresent(partition, (p, last) -> last <= end ? null : last));
        suspect = what.equals(suspect) ? "" : suspect;
        letGo();
    }

    private void letGo() {
        held = "";
        ends = Map.of();
        write();
    }

    private boolean suspicious(ConsumerRecords<String, byte[]> batch) {
        return batch.partitions().stream()
                .anyMatch(partition ->
                        batch.records(partition).get(0).offset() < until.getOrDefault(partition.toString(), 0L));
    }

    /** What follows from how the life before has ended. */
    private void begin() {
        if (held.equals(BATCH)) {
            LOG.warnf("a life has ended with a batch in hand; its records are handled one by one until %s", until);
        } else if (!held.isEmpty()) {
            int at = held.lastIndexOf('@');
            String partition = held.substring(0, at);
            long end = Long.parseLong(held.substring(at + 1)) + 1;
            // A batch with which an earlier life has ended had it in hand, too.
            boolean suspected = end <= until.getOrDefault(partition, 0L);
            deaths = held.equals(suspect) ? deaths + 1 : suspected ? 2 : 1;
            suspect = held;
            until.merge(partition, end, Math::max);
            LOG.warnf("a life has ended with %s in hand, which makes %d in a row", suspect, deaths);
        }
        letGo();
    }

    private boolean read(String note) {
        for (String line : note.lines().toList()) {
            String[] words = line.split(" ", -1);
            try {
                switch (words[0]) {
                    case "held" -> held = words[1];
                    case "suspect" -> {
                        suspect = words[1];
                        deaths = Integer.parseInt(words[2]);
                    }
                    case "until" -> until.put(words[1], Long.parseLong(words[2]));
                    default -> {
                        return line.equals("end");
                    }
                }
            } catch (IndexOutOfBoundsException | NumberFormatException e) {
                return false;
            }
        }
        return false;
    }

    private void forget() {
        held = "";
        suspect = "";
        until.clear();
    }

    private void write() {
        StringBuilder text = new StringBuilder();
        if (!held.isEmpty()) {
            text.append("held ").append(held).append('\n');
        }
        if (!suspect.isEmpty()) {
            text.append("suspect ").append(suspect).append(' ').append(deaths).append('\n');
        }
        Map<String, Long> all = new TreeMap<>(until);
        if (held.equals(BATCH)) {
            ends.forEach((partition, end) -> all.merge(partition, end, Math::max));
        }
        all.forEach((partition, end) ->
                text.append("until ").append(partition).append(' ').append(end).append('\n'));
        try {
            file.write(ByteBuffer.wrap(text.append("end\n").toString().getBytes(StandardCharsets.UTF_8)), 0);
        } catch (IOException e) {
            LOG.warnf("could not note what is in hand, and goes on without: %s", e);
        }
    }

    private static String partition(ConsumerRecord<String, byte[]> record) {
        return new TopicPartition(record.topic(), record.partition()).toString();
    }

    private static long end(List<ConsumerRecord<String, byte[]>> records) {
        return records.get(records.size() - 1).offset() + 1;
    }

    private static ConsumerRecords<String, byte[]> alone(ConsumerRecord<String, byte[]> record) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        return new ConsumerRecords<>(Map.of(partition, List.of(record)), Map.of());
    }
}
