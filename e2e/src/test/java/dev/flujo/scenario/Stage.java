package dev.flujo.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flujo.event.CommitEvent;
import dev.flujo.event.CommitEvent.CommitPushed;
import dev.flujo.event.CommitEvent.PullRequestChanged;
import dev.flujo.event.CommitEvent.TagPushed;
import dev.flujo.event.Decoded;
import dev.flujo.event.DerivedId;
import dev.flujo.event.EncodedEvent;
import dev.flujo.event.Envelope;
import dev.flujo.event.EventCodec;
import dev.flujo.event.Topic;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** A whole Flujo on which scenarios are played: by REST, and with events of the repository straight from Kafka. */
final class Stage implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(100);
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    private final ObjectMapper json = new ObjectMapper();
    private final EventCodec codec = new EventCodec();
    private final KafkaProducer<String, byte[]> producer;
    private final Map<String, String> topics = new ConcurrentHashMap<>();
    private final Map<String, String> tokens = new ConcurrentHashMap<>();
    private final String kafka;
    private final Rest rest;
    private final Elsewhere elsewhere;

    Stage(String url, String token, int kafka) {
        this.rest = new Rest(url, token);
        this.elsewhere = new Elsewhere(rest);
        this.kafka = "127.0.0.1:" + kafka;
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", this.kafka, "acks", "all"),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    /** Submits a pipeline; gives its errors, none if it was taken. */
    List<String> submit(String project, Scenario scenario) {
        HttpResponse<String> answer = rest.send(
                "PUT",
                "/api/v1/projects/" + project + "/pipelines/main",
                Map.of("source", scenario.pipeline(), "templates", scenario.templates()));
        List<String> errors = new ArrayList<>();
        rest.tree(answer).path("errors").forEach(error -> errors.add(written(error)));
        return errors;
    }

    /** As a problem is written everywhere else. */
    private static String written(JsonNode error) {
        String suggestion =
                error.path("suggestion").isTextual() ? error.path("suggestion").asText() : "";
        return error.path("line").asInt() + ":" + error.path("column").asInt() + " "
                + error.path("detail").asText()
                + (suggestion.isEmpty() ? "" : " Did you mean `" + suggestion + "`?");
    }

    /** Lets an event happen; gives the run that it starts, if it shall. */
    Optional<UUID> happen(String project, Map<String, Object> event, boolean starts) {
        String kind = String.valueOf(event.get("kind"));
        if (kind.equals("manual") || kind.equals("api")) {
            return ask(project, kind, event);
        }
        if (kind.equals("kafka")) {
            return Optional.of(DerivedId.run(project, "main", record(event)));
        }
        if (kind.equals("schedule") || kind.equals("upstream") || kind.equals("deployment")) {
            return elsewhere.happen(project, kind, event, starts);
        }
        String id = UUID.randomUUID().toString();
        CommitEvent commit = commit(project, kind, event);
        Instant now = commit instanceof CommitPushed push ? push.receivedAt() : Instant.now();
        EncodedEvent encoded = codec.encode(
                Topic.COMMITS, Envelope.of(id, URI.create("/scenarios"), now, DerivedId.of("chain", id), commit));
        ProducerRecord<String, byte[]> record =
                new ProducerRecord<>(Topic.COMMITS.topicName(), encoded.key(), encoded.value());
        encoded.headers().forEach((name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        send(record);
        UUID run = DerivedId.run(project, "main", id);
        Scenario.approves(event).ifPresent(approves -> judge(run, approves));
        return Optional.of(run);
    }

    /** Approves or rejects a run, once it is held. */
    private void judge(UUID run, boolean approves) {
        String path = "/api/v1/runs/" + run;
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end
                && !rest.tree(rest.send("GET", path, null))
                        .path("state")
                        .asText()
                        .equals("HELD")) {
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        HttpResponse<String> answer =
                rest.send("POST", path + "/approval", Map.of("approve", approves, "commit", COMMIT));
        if (answer.statusCode() != 202) {
            throw new AssertionError("Expected run " + run + " to be held, but " + answer.body());
        }
    }

    /** Puts a record on a topic that is not Flujo's; gives its name. */
    private String record(Map<String, Object> event) {
        try {
            byte[] payload = event.get("payload") instanceof String text
                    ? text.getBytes(StandardCharsets.UTF_8)
                    : json.writeValueAsBytes(event.get("payload"));
            String topic = text(event, "topic").orElseThrow();
            topics.computeIfAbsent(topic, this::created);
            RecordMetadata sent =
                    send(new ProducerRecord<>(topic, text(event, "key").orElse(null), payload));
            return sent.topic() + "-" + sent.partition() + "@" + sent.offset();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private String created(String topic) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
            admin.createTopics(List.of(new NewTopic(topic, 2, (short) 1))).all().get();
            return topic;
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private RecordMetadata send(ProducerRecord<String, byte[]> record) {
        try {
            return producer.send(record).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private Optional<UUID> ask(String project, String kind, Map<String, Object> event) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("branch", event.getOrDefault("branch", "main"));
        body.put("inputs", event.getOrDefault("inputs", Map.of()));
        if (kind.equals("api")) {
            body.put("payload", event.getOrDefault("payload", Map.of()));
        }
        HttpResponse<String> answer = rest.send("POST", "/api/v1/projects/" + project + "/pipelines/main/runs", body);
        return answer.statusCode() == 202
                ? Optional.of(UUID.fromString(rest.tree(answer).path("id").asText()))
                : Optional.empty();
    }

    private static CommitEvent commit(String project, String kind, Map<String, Object> event) {
        String branch = text(event, "branch").orElse("main");
        String by = text(event, "by").orElse("ana");
        Instant now = Instant.now();
        return switch (kind) {
            case "push" ->
                new CommitPushed(
                        project,
                        branch,
                        COMMIT,
                        text(event, "message"),
                        text(event, "author"),
                        Optional.empty(),
                        by,
                        now,
                        texts(event, "paths"));
            case "tag" ->
                new TagPushed(
                        project,
                        text(event, "tag").orElse(""),
                        COMMIT,
                        text(event, "message"),
                        text(event, "author"),
                        by,
                        now);
            case "pull_request" ->
                new PullRequestChanged(
                        project,
                        event.get("number") instanceof Number number ? number.longValue() : 1,
                        text(event, "action").orElse("opened"),
                        text(event, "title").orElse(""),
                        branch,
                        text(event, "base").orElse("main"),
                        COMMIT,
                        Boolean.TRUE.equals(event.get("fork")),
                        Boolean.TRUE.equals(event.get("draft")),
                        texts(event, "labels").orElse(List.of()),
                        text(event, "author").orElse(""),
                        by,
                        now,
                        texts(event, "paths"));
            default -> throw new IllegalArgumentException("Expected an event that can be sent, but it is " + kind);
        };
    }

    /** Says something to a job, once it waits for that if it should; gives the status of the answer. */
    int answer(UUID run, Answer answer) {
        String job = "/api/v1/runs/" + run + "/jobs/" + answer.job();
        boolean waits = answer.status() == Answer.ACCEPTED || answer.status() == 403;
        String token = tokens.computeIfAbsent(answer.by() + answer.groups(), unused -> token(answer));
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end && !answerable(run, job, waits)) {
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        Map<String, Object> body = new LinkedHashMap<>();
        answer.comment().ifPresent(text -> body.put("comment", text));
        if (answer.older()) {
            body.put("older", true);
        }
        return rest.send("POST", job + (answer.approves() ? "/approve" : "/reject"), body, token)
                .statusCode();
    }

    private boolean answerable(UUID run, String job, boolean waits) {
        return waits
                ? rest.tree(rest.send("GET", job, null)).path("state").asText().equals("APPROVING")
                : !rest.tree(rest.send("GET", "/api/v1/runs/" + run + "/jobs", null))
                        .path("items")
                        .isEmpty();
    }

    private String token(Answer answer) {
        Map<String, Object> body = Map.of("name", answer.by(), "scopes", List.of("write"), "groups", answer.groups());
        return rest.tree(rest.send("POST", "/api/v1/tokens", body))
                .path("token")
                .asText();
    }

    /** Begins to tell of a run, once the orchestrator has taken it up. */
    void awaitTaken(UUID run) {
        await("run " + run + " to be taken up", () -> {
            HttpResponse<String> answer = rest.send("GET", "/api/v1/runs/" + run, null);
            return answer.statusCode() == 200
                    && !rest.tree(answer).path("state").asText().equals("ACCEPTED");
        });
    }

    void awaitRunning(UUID run, String job) {
        await("job " + job + " of run " + run + " to run", () -> rest.tree(
                        rest.send("GET", "/api/v1/runs/" + run + "/jobs/" + job, null))
                .path("state")
                .asText()
                .equals("RUNNING"));
    }

    /** Asks for a run again; gives the new run, if the status is as expected and there is one. */
    Optional<UUID> rerun(UUID run, Act act) {
        Map<String, Object> body = new LinkedHashMap<>();
        for (String field : List.of("failed", "from", "inputs", "older")) {
            Optional.ofNullable(act.fields().get(field)).ifPresent(value -> body.put(field, value));
        }
        HttpResponse<String> answer = rest.send("POST", "/api/v1/runs/" + run + "/rerun", body, act.text("key"));
        expect(act, answer);
        return answer.statusCode() == 202
                ? Optional.of(UUID.fromString(rest.tree(answer).path("id").asText()))
                : Optional.empty();
    }

    void cancel(UUID run, Act act) {
        expect(act, rest.send("POST", "/api/v1/runs/" + run + "/cancel", null));
    }

    private static void expect(Act act, HttpResponse<String> answer) {
        if (answer.statusCode() != act.status()) {
            throw new AssertionError("Expected " + act + " to be answered with " + act.status() + ", but it is "
                    + answer.statusCode() + " " + answer.body());
        }
    }

    /** Looks until the run waits for this, and each wait has a sentence. */
    void awaitWaits(UUID run, List<String> waits) {
        await("run " + run + " to wait for " + waits, () -> {
            List<String> seen = new ArrayList<>();
            for (JsonNode wait : rest.tree(rest.send("GET", "/api/v1/runs/" + run + "/why", null))
                    .path("waits")) {
                String job = wait.path("job").asText("");
                String place = wait.path("place").asText("");
                String reason = wait.path("reason").asText();
                seen.add((job.isEmpty() ? "" : job + ": ") + reason + (place.isEmpty() ? "" : " " + place));
            }
            return seen.equals(waits);
        });
    }

    private static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("Expected " + what + " within " + PATIENCE);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    /** The whole log of a run, once the run has ended. */
    List<Envelope> log(UUID run) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            HttpResponse<String> answer = rest.send("GET", "/api/v1/runs/" + run, null);
            if (answer.statusCode() == 200
                    && !rest.tree(answer).path("finishedAt").asText("").isEmpty()) {
                return events(run);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        throw new AssertionError("Expected run " + run + " to end within " + PATIENCE + ", but its log is "
                + events(run).stream().map(Envelope::event).toList());
    }

    private List<Envelope> events(UUID run) {
        List<Envelope> events = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = rest.tree(rest.send("GET", "/api/v1/runs/" + run + "/events?limit=200" + cursor, null));
            page.path("items").forEach(item -> {
                if (codec.decode(item.path("event")) instanceof Decoded.Known known) {
                    events.add(known.envelope());
                }
            });
            String next = page.path("next").asText("");
            cursor = next.isEmpty() ? "" : "&cursor=" + next;
        } while (!cursor.isEmpty());
        return events;
    }

    /**
     * What the steps of the newest attempt of a job printed, once the history has all of these lines; what the runner says of
     * caches is not of theirs.
     */
    String printed(UUID run, String job, long lines) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            JsonNode items = rest.tree(
                            rest.send("GET", "/api/v1/runs/" + run + "/jobs/" + job + "/log?limit=200", null))
                    .path("items");
            if (items.size() >= lines) {
                StringBuilder text = new StringBuilder();
                items.forEach(line -> {
                    String printed = line.path("text").asText();
                    text.append(printed.startsWith("cache '") ? "" : printed + "\n");
                });
                return text.toString();
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        throw new AssertionError(
                "Expected " + lines + " lines of job " + job + " of run " + run + " within " + PATIENCE);
    }

    /** How many runs of its pipeline a project has that began. */
    int runs(String project) {
        int runs = 0;
        for (JsonNode run : rest.tree(rest.send("GET", "/api/v1/runs?limit=200&pipeline=main&project=" + project, null))
                .path("items")) {
            runs += run.path("state").asText().equals("REFUSED") ? 0 : 1;
        }
        return runs;
    }

    @Override
    public void close() {
        producer.close();
    }

    private static Optional<String> text(Map<String, Object> event, String field) {
        return Optional.ofNullable(event.get(field)).map(String::valueOf);
    }

    private static Optional<List<String>> texts(Map<String, Object> event, String field) {
        return event.get(field) instanceof List<?> list
                ? Optional.of(list.stream().map(String::valueOf).toList())
                : Optional.empty();
    }
}
