package dev.flujo.pipeline.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.pipeline.PipelineServers;
import dev.flujo.stack.TestClient;
import dev.flujo.stack.TestClient.Answer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Damaged files over HTTP; time and memory of each are LintFuzzTest's. */
@QuarkusTest
@QuarkusTestResource(PipelineServers.class)
class LintFuzzIT {

    private static final long SEED = 20261125;
    private static final int FILES = 10_000;
    private static final int CALLERS = 4;

    @TestHTTPResource
    URI base;

    @Test
    void neverFailsOverDamagedFiles() throws Exception {
        TestClient client =
                TestClient.anonymous(base).with(PipelineServers.ADMIN).awaitReady();
        List<byte[]> files = DamagedFiles.ofExamples(FILES, SEED);
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
        try {
            List<Callable<Integer>> shares = IntStream.range(0, CALLERS)
                    .<Callable<Integer>>mapToObj(caller -> () -> share(client, files, caller))
                    .toList();
            int wrong = 0;
            for (Future<Integer> share : callers.invokeAll(shares)) {
                wrong += share.get();
            }
            assertTrue(wrong > FILES / 2 && wrong < FILES, "files with errors: " + wrong);
        } finally {
            callers.shutdown();
        }
    }

    /** Sends each of a caller's files; gives how many of them had errors. */
    private static int share(TestClient client, List<byte[]> files, int caller) {
        int wrong = 0;
        for (int i = caller; i < files.size(); i += CALLERS) {
            int number = i;
            Answer answer = client.send(
                    "POST",
                    "/api/v1/lint",
                    Map.of("Content-Type", "application/yaml"),
                    BodyPublishers.ofByteArray(files.get(i)));
            assertTrue(
                    answer.status() == 200 || answer.status() == 422,
                    () -> "file " + number + " of seed " + SEED + ": " + answer);
            boolean valid =
                    answer.status() == 200 && answer.json().path("valid").asBoolean();
            assertEquals(valid, answer.json().path("errors").isEmpty(), answer.body());
            wrong += valid ? 0 : 1;
        }
        return wrong;
    }
}
