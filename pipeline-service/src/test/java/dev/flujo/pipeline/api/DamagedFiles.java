package dev.flujo.pipeline.api;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;

/** The reference's examples with something missing, doubled or put in; the same again for the same seed. */
final class DamagedFiles {

    private static final Path REFERENCE = Path.of("../docs/pipeline-reference.md");
    private static final Pattern EXAMPLE = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);
    private static final List<String> FRAGMENTS = List.of(
            "&a [*a, *a]",
            "<<: *a\n",
            "!!str ",
            "---\n",
            "? ",
            "- ",
            "[",
            "{",
            "}",
            "\t",
            "|\n",
            "\"",
            "'",
            "\0",
            "\u202e",
            "${{ ",
            " }}",
            "${{ event.branch",
            "matrix: {a: [1, 2, 3]}\n",
            "needs: [a, b]\n",
            "if: a && b\n",
            "\uD83D\uDE00",
            "[[[[[[[[[[",
            "{a: {a: {a: ",
            "cron: '* * * * *'\n",
            "&& !(a || b) ",
            "json(",
            ".exists(x, x",
            "\n  ",
            "\n");

    private DamagedFiles() {}

    static List<String> examples() throws IOException {
        List<String> examples = new ArrayList<>();
        EXAMPLE.matcher(Files.readString(REFERENCE)).results().forEach(match -> examples.add(match.group(1)));
        return examples;
    }

    static List<byte[]> ofExamples(int count, long seed) throws IOException {
        List<String> examples = examples();
        Random random = new Random(seed);
        List<byte[]> files = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String example = examples.get(random.nextInt(examples.size()));
            files.add(damaged(example.getBytes(StandardCharsets.UTF_8), random));
        }
        return files;
    }

    static byte[] damaged(byte[] source, Random random) {
        StringBuilder text = new StringBuilder(new String(source, StandardCharsets.UTF_8));
        for (int hits = 1 + random.nextInt(5); hits > 0; hits--) {
            int at = random.nextInt(text.length() + 1);
            int end = Math.min(text.length(), at + random.nextInt(12));
            switch (random.nextInt(4)) {
                case 0 -> text.delete(at, end);
                case 1 -> text.insert(at, FRAGMENTS.get(random.nextInt(FRAGMENTS.size())));
                case 2 -> text.insert(at, text.substring(at, Math.min(text.length(), at + random.nextInt(300))));
                default -> text.replace(at, end, Character.toString(random.nextInt(0x300)));
            }
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        if (random.nextInt(10) == 0 && bytes.length > 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }
}
