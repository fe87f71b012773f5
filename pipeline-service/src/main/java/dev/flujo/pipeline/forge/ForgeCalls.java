package dev.flujo.pipeline.forge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flujo.pipeline.source.Networks;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;

/**
 * The calls to the API of one forge. The token is read from its file at each call and goes to the configured address only:
 * redirects are not followed, and unless the forge is in a private network, every address of its host has to be a public one.
 */
final class ForgeCalls {

    private static final Duration CONNECTING = Duration.ofSeconds(5);
    private static final int MOST_BYTES = 8 * 1024 * 1024;
    private static final int MOST_SHOWN = 200;
    private static final int MOST_PAGES = 20;

    /** Answers after which the same may be tried again: another token is needed, or it was too early or too much. */
    private static final Set<Integer> PASSING = Set.of(401, 408, 425, 429);

    private final String forge;
    private final URI base;
    private final ForgeConfig.One config;
    private final ForgeToken token;
    private final Duration patience;
    private final Clock clock;
    private final ObjectMapper json;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECTING)
            .build();

    /** How a forge wants to be shown its token. */
    record ForgeToken(String header, String before) {}

    ForgeCalls(
            String forge,
            URI base,
            ForgeConfig.One config,
            ForgeToken token,
            Duration patience,
            Clock clock,
            ObjectMapper json) {
        this.forge = forge;
        this.base = base;
        this.config = config;
        this.token = token;
        this.patience = patience;
        this.clock = clock;
        this.json = json;
        if (!base.getScheme().equals("https") && !config.privateNetwork()) {
            throw new IllegalArgumentException("Expected an address that begins with https:// in flujo.forges." + forge
                    + ".url, but it is " + base + "; only a forge with private-network may be spoken to without TLS");
        }
    }

    JsonNode get(Repository repository, String path) {
        return call(repository, path, request -> request.GET());
    }

    JsonNode post(Repository repository, String path, ObjectNode body) {
        return call(repository, path, request -> request.header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.toString())));
    }

    /** All items of a list that comes in pages: a page that has fewer than asked for is the last one. */
    List<JsonNode> all(Repository repository, IntFunction<String> pageFromOne, int size, UnaryOperator<JsonNode> list) {
        List<JsonNode> all = new ArrayList<>();
        for (int page = 1; page <= MOST_PAGES; page++) {
            JsonNode items = list.apply(get(repository, pageFromOne.apply(page)));
            items.forEach(all::add);
            if (items.size() < size) {
                return all;
            }
        }
        return all;
    }

    /** A text as a part of a path. */
    static String part(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    ObjectNode object() {
        return json.createObjectNode();
    }

    private interface Method {

        HttpRequest.Builder of(HttpRequest.Builder request);
    }

    private JsonNode call(Repository repository, String path, Method method) {
        checkAddress();
        String secret = token(repository);
        HttpRequest request = method.of(HttpRequest.newBuilder(URI.create(base + path)))
                .timeout(patience)
                .header("Accept", "application/json")
                .header("User-Agent", "flujo")
                .header(token.header(), token.before() + secret)
                .build();
        try {
            HttpResponse<InputStream> answer = http.send(request, BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                return read(answer, body.readNBytes(MOST_BYTES + 1), request);
            }
        } catch (IOException e) {
            throw new ForgeAway("Expected " + forge + " to answer, but " + e, Optional.empty(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ForgeAway(
                    "Expected " + forge + " to answer, but the service is being stopped", Optional.empty(), e);
        }
    }

    private JsonNode read(HttpResponse<?> answer, byte[] body, HttpRequest request) {
        int status = answer.statusCode();
        if (status >= 200 && status < 300) {
            return parsed(body, request);
        }
        String what = "Expected " + forge + " to take " + request.method() + " "
                + request.uri().getPath() + ", but it answered " + status + ": " + shown(body);
        Optional<Duration> asked = RetryAfter.of(answer.headers(), clock.instant());
        if (PASSING.contains(status) || status >= 500 || (status == 403 && asked.isPresent())) {
            throw new ForgeAway(what, asked, null);
        }
        throw new ForgeRefused(what, status);
    }

    private JsonNode parsed(byte[] body, HttpRequest request) {
        if (body.length > MOST_BYTES) {
            throw new ForgeRefused(
                    "Expected an answer of at most " + MOST_BYTES + " bytes to "
                            + request.uri().getPath() + ", but it is larger",
                    200);
        }
        try {
            return body.length == 0 ? json.missingNode() : json.readTree(body);
        } catch (JsonProcessingException e) {
            throw new ForgeRefused(
                    "Expected JSON from " + forge + " for " + request.uri().getPath() + ", but "
                            + e.getOriginalMessage(),
                    200);
        } catch (IOException e) {
            throw new AssertionError("bytes in memory can be read", e);
        }
    }

    /** Java keeps what it has looked up for some seconds, so that the call goes to what is checked here. */
    private void checkAddress() {
        if (config.privateNetwork()) {
            return;
        }
        try {
            for (InetAddress address : InetAddress.getAllByName(base.getHost())) {
                if (Networks.forbidden(address.getAddress())) {
                    throw new ForgeRefused(
                            "Expected a public address of " + base.getHost() + ", but it is " + address.getHostAddress()
                                    + "; set private-network of flujo.forges." + forge + " if that is right",
                            0);
                }
            }
        } catch (UnknownHostException e) {
            throw new ForgeAway(
                    "Expected an address of " + base.getHost() + ", but nobody knows one", Optional.empty(), e);
        }
    }

    private String token(Repository repository) {
        Path file = Optional.ofNullable(config.tokenFiles().get(repository.project()))
                .or(config::tokenFile)
                .orElseThrow(() -> new ForgeRefused(
                        "Expected a token for " + repository.project() + ", but flujo.forges." + forge
                                + ".token-file is not set",
                        0));
        try {
            return Files.readAllLines(file).stream()
                    .map(String::trim)
                    .filter(line -> !line.isEmpty())
                    .findFirst()
                    .orElseThrow(() -> new ForgeRefused("Expected a token in " + file + ", but the file is empty", 0));
        } catch (IOException e) {
            throw new ForgeAway("Expected a token in " + file + ", but it cannot be read", Optional.empty(), e);
        }
    }

    /** The beginning of an answer as it may stand in a log. */
    private static String shown(byte[] body) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < Math.min(body.length, MOST_SHOWN); i++) {
            char c = (char) (body[i] & 0xff);
            shown.append(c >= ' ' && c <= '~' ? c : '.');
        }
        return shown.toString();
    }
}
