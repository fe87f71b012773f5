package dev.flujo.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CanaryTest {

    private static final String SECRET = "canary+7f3a/?";

    private final Canary canary = new Canary(List.of(SECRET));

    @Test
    void isFoundInFilesAsItIsInBase64AndInUrls(@TempDir Path directory) throws IOException {
        Path below = Files.createDirectory(directory.resolve("below"));
        Path plain = Files.writeString(below.resolve("plain"), "before " + SECRET + " after");
        Path base64 = Files.writeString(directory.resolve("base64"), "{\"value\": \"Y2FuYXJ5KzdmM2EvPw==\"}");
        Path url = Files.writeString(directory.resolve("url"), "?q=canary%2B7f3a%2F%3F&x");
        Files.writeString(directory.resolve("masked"), "before *** after, canary+7f3");

        List<String> found = canary.inFiles(directory).stream().sorted().toList();

        assertEquals(List.of(base64.toString(), plain.toString(), url.toString()), found);
    }

    @Test
    void isFoundInTheCommandOfAProcess() throws IOException {
        Process process = new ProcessBuilder("bash", "-c", "read -r unused; : " + SECRET).start();
        try {
            List<String> found = canary.inCommands();

            assertEquals(1, found.size(), found.toString());
            assertEquals(Long.toString(process.pid()), found.get(0).split(" ", 2)[0]);
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void isNotFoundWhereItIsNot(@TempDir Path directory) throws IOException {
        Files.writeString(directory.resolve("log"), "nothing");

        assertEquals(List.of(), canary.inFiles(directory));
        assertEquals(List.of(), canary.inCommands());
    }
}
