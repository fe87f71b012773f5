package shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ShopTest {

    private final Shop shop = new Shop(0, "1a2b3c");
    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        shop.close();
    }

    @Test
    void saysWhichCommitItIs() throws IOException, InterruptedException {
        assertTrue(get("/").body().contains("commit 1a2b3c"));
    }

    @Test
    void saysWhatTenBooksCost() throws IOException, InterruptedException {
        assertTrue(get("/").body().contains("Ten books cost " + Price.of(10)));
    }

    @Test
    void isHealthy() throws IOException, InterruptedException {
        assertEquals(200, get("/health").statusCode());
    }

    @Test
    void hasNothingElse() throws IOException, InterruptedException {
        assertEquals(404, get("/cellar").statusCode());
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        URI address = URI.create("http://127.0.0.1:" + shop.port() + path);
        return client.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
    }
}
