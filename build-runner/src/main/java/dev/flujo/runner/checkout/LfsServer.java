package dev.flujo.runner.checkout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flujo.runner.egress.AllowedHosts;
import dev.flujo.runner.egress.EgressProxy;
import dev.flujo.runner.egress.NameService;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * The LFS server of a repository (batch API of Git LFS, transfer {@code basic}), by HTTPS alone. All connections go by a proxy of our
 * own, which knows public hosts only and lives as long as this does: the server says where files lie, and may say anything.
 */
final class LfsServer implements LfsSource {

    private static final String JSON = "application/vnd.git-lfs+json";
    private static final int AT_ONCE = 100;
    private static final int LONGEST_ANSWER = 16 << 20;
    private static final int LONGEST_WORDS = 1000;
    private static final int OK = 200;
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration STEP = Duration.ofMillis(100);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final URI batch;
    private final RemoteHost host;
    private final Optional<String> authorization;
    private final BooleanSupplier stopped;
    private final EgressProxy proxy;
    private final HttpClient own;
    private final HttpClient others;

    /** Where a file lies, and what has to be said there. */
    private record Place(URI uri, Map<String, String> headers) {}

    LfsServer(
            String repository,
            RemoteHost host,
            HostFiles hosts,
            Set<String> privateHosts,
            NameService names,
            BooleanSupplier stopped)
            throws CheckoutException, IOException {
        String base = repository.replaceFirst("^https://[^/@]*@", "https://").replaceAll("/+$", "");
        try {
            this.batch = new URI(base + (base.endsWith(".git") ? "" : ".git") + "/info/lfs/objects/batch");
        } catch (URISyntaxException e) {
            throw new CheckoutException(
                    "Expected a repository whose URL is one (RFC 3986) for its large files, but " + e.getMessage());
        }
        this.host = host;
        this.authorization = hosts.basicAuthorization(host);
        this.stopped = stopped;
        this.proxy = new EgressProxy(AllowedHosts.ALL, privateHosts, names);
        int port = proxy.open(InetAddress.getLoopbackAddress(), 0);
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        this.others = builder(address).build();
        Optional<Path> authorities = hosts.authorities(host);
        this.own = authorities.isPresent()
                ? builder(address).sslContext(trusting(authorities.get())).build()
                : others;
    }

    private static HttpClient.Builder builder(InetSocketAddress proxy) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .proxy(ProxySelector.of(proxy));
    }

    private static SSLContext trusting(Path authorities) throws CheckoutException, IOException {
        try (InputStream pem = Files.newInputStream(authorities)) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (Certificate authority : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                store.setCertificateEntry("authority-" + number++, authority);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new CheckoutException("Expected certificates in " + authorities + ", but " + e.getMessage());
        }
    }

    @Override
    public void fetch(List<LfsPointer> pointers, Path to, Taker taker)
            throws CheckoutException, IOException, InterruptedException {
        for (int from = 0; from < pointers.size(); from += AT_ONCE) {
            List<LfsPointer> some = pointers.subList(from, Math.min(pointers.size(), from + AT_ONCE));
            Map<LfsPointer, Place> places = places(some);
            for (LfsPointer pointer : some) {
                download(pointer, places.get(pointer), to);
                taker.take(pointer);
            }
        }
    }

    @Override
    public void close() {
        proxy.close();
    }

    private Map<LfsPointer, Place> places(List<LfsPointer> pointers)
            throws CheckoutException, IOException, InterruptedException {
        ObjectNode question = MAPPER.createObjectNode().put("operation", "download");
        question.putArray("transfers").add("basic");
        ArrayNode objects = question.putArray("objects");
        pointers.forEach(
                pointer -> objects.addObject().put("oid", pointer.sha256()).put("size", pointer.bytes()));
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        int status = send(
                request(batch, Map.of())
                        .header("Content-Type", JSON)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(MAPPER.writeValueAsBytes(question)))
                        .build(),
                answer,
                () -> answer.size() > LONGEST_ANSWER);
        if (status != OK) {
            throw new CheckoutException("Expected " + batch + " to say where large files are, but it answered " + status
                    + (authorization.isPresent()
                            ? ""
                            : "; who the runner is at " + host.name()
                                    + " belongs into HOST.credentials below flujo.runner.repository-hosts-directory")
                    + words(answer));
        }
        JsonNode found = MAPPER.readTree(answer.toByteArray()).path("objects");
        Map<LfsPointer, Place> places = new HashMap<>();
        for (LfsPointer pointer : pointers) {
            places.put(pointer, place(pointer, found));
        }
        return places;
    }

    private static Place place(LfsPointer pointer, JsonNode found) throws CheckoutException {
        for (JsonNode object : found) {
            if (!object.path("oid").asText().equals(pointer.sha256())) {
                continue;
            }
            JsonNode download = object.path("actions").path("download");
            String href = download.path("href").asText();
            if (!href.startsWith("https://")) {
                throw new CheckoutException("Expected the large file " + pointer.sha256() + " at a URL by https, but "
                        + (object.has("error") ? "the server says " + object.get("error") : "found '" + href + "'"));
            }
            Map<String, String> headers = new HashMap<>();
            download.path("header")
                    .properties()
                    .forEach(header ->
                            headers.put(header.getKey(), header.getValue().asText()));
            try {
                return new Place(URI.create(href), headers);
            } catch (IllegalArgumentException e) {
                throw new CheckoutException(
                        "Expected a URL of the large file " + pointer.sha256() + ", but " + e.getMessage());
            }
        }
        throw new CheckoutException("Expected the server to say where the large file " + pointer.sha256()
                + " is, but it says nothing of it");
    }

    private void download(LfsPointer pointer, Place place, Path to)
            throws CheckoutException, IOException, InterruptedException {
        try (LfsContent content = new LfsContent(pointer, to)) {
            HttpRequest request;
            try {
                request = request(place.uri(), place.headers()).GET().build();
            } catch (IllegalArgumentException e) {
                throw new CheckoutException("Expected a request that can be sent for the large file " + pointer.sha256()
                        + ", but " + e.getMessage());
            }
            int status = send(request, content, content::tooLong);
            if (status != OK) {
                throw new CheckoutException("Expected the large file " + pointer.sha256() + " from "
                        + place.uri().getHost() + ", but it answered " + status);
            }
            content.check();
        }
    }

    /** Who the runner is at the repository's host, only that host hears, unless the server has said what to say. */
    private HttpRequest.Builder request(URI uri, Map<String, String> headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri).header("Accept", JSON).timeout(PATIENCE);
        headers.forEach(request::setHeader);
        boolean said = headers.keySet().stream().anyMatch("authorization"::equalsIgnoreCase);
        if (!said && isOfHost(uri)) {
            authorization.ifPresent(value -> request.setHeader("Authorization", value));
        }
        return request;
    }

    private boolean isOfHost(URI uri) {
        int port = uri.getPort() < 0 ? RemoteHost.HTTPS : uri.getPort();
        return host.name().equalsIgnoreCase(uri.getHost()) && host.port() == port;
    }

    /** Writes the body of an answer that is none of failure; gives its status. */
    private int send(HttpRequest request, OutputStream body, BooleanSupplier tooLong)
            throws CheckoutException, IOException, InterruptedException {
        CompletableFuture<IOException> broken = new CompletableFuture<>();
        CompletableFuture<HttpResponse<Void>> answer = (isOfHost(request.uri()) ? own : others)
                .sendAsync(
                        request,
                        info -> BodySubscribers.ofByteArrayConsumer(part -> part.ifPresent(bytes -> {
                            try {
                                if (!broken.isDone()) {
                                    body.write(bytes);
                                }
                            } catch (IOException e) {
                                broken.complete(e);
                            }
                        })));
        try {
            return await(request, answer, broken, tooLong);
        } finally {
            answer.cancel(true);
        }
    }

    private int await(
            HttpRequest request,
            CompletableFuture<HttpResponse<Void>> answer,
            CompletableFuture<IOException> broken,
            BooleanSupplier tooLong)
            throws CheckoutException, IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                int status = answer.get(STEP.toMillis(), TimeUnit.MILLISECONDS).statusCode();
                if (broken.isDone()) {
                    throw broken.join();
                }
                return status;
            } catch (ExecutionException e) {
                throw new CheckoutException("Expected an answer of "
                        + request.uri().getHost() + ", but " + e.getCause().getMessage());
            } catch (TimeoutException e) {
                if (broken.isDone()) {
                    throw broken.join();
                }
                if (stopped.getAsBoolean()) {
                    throw new CheckoutException("Expected large files to arrive, but the job was stopped");
                }
                if (tooLong.getAsBoolean() || System.nanoTime() > end) {
                    throw new CheckoutException("Expected " + request.uri().getHost() + " to answer within "
                            + PATIENCE.toMinutes() + " minutes, and no more than is wanted, but it does not");
                }
            }
        }
    }

    private static String words(ByteArrayOutputStream answer) {
        String text = answer.toString(StandardCharsets.UTF_8).strip();
        return text.isEmpty() ? "" : ": " + text.substring(0, Math.min(text.length(), LONGEST_WORDS));
    }
}
