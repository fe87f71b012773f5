package dev.flujo.pipeline.webhook;

import static com.fasterxml.jackson.core.filter.TokenFilter.Inclusion.INCLUDE_ALL_AND_PATH;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.filter.FilteringParserDelegate;
import com.fasterxml.jackson.core.filter.TokenFilter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flujo.kit.problem.CommonProblem;
import dev.flujo.kit.problem.Problem;
import java.io.IOException;
import java.util.Map;

/** What is read of a push or pull request: few fields of a payload that may be long; the rest is passed over as it goes by. */
final class PushPayload {

    private static final TokenFilter ALL = TokenFilter.INCLUDE_ALL;
    private static final TokenFilter NAME = new Fields(Map.of("name", ALL));
    private static final TokenFilter AUTHOR = new Fields(Map.of("name", ALL, "username", ALL));
    private static final TokenFilter LOGIN = new Fields(Map.of("login", ALL));
    private static final TokenFilter REF =
            new Fields(Map.of("ref", ALL, "sha", ALL, "repo", new Fields(Map.of("id", ALL))));
    private static final TokenFilter WANTED = new Fields(Map.ofEntries(
            Map.entry("ref", ALL),
            Map.entry("after", ALL),
            Map.entry("deleted", ALL),
            Map.entry("created", ALL),
            Map.entry("forced", ALL),
            Map.entry("pusher", NAME),
            Map.entry("sender", LOGIN),
            Map.entry("action", ALL),
            Map.entry("number", ALL),
            Map.entry("commits", new Fields(Map.of("added", ALL, "modified", ALL, "removed", ALL))),
            Map.entry("head_commit", new Fields(Map.of("id", ALL, "message", ALL, "timestamp", ALL, "author", AUTHOR))),
            Map.entry(
                    "pull_request",
                    new Fields(Map.of(
                            "number", ALL, "title", ALL, "draft", ALL, "user", LOGIN, "labels", NAME, "head", REF,
                            "base", REF)))));

    private PushPayload() {}

    /** The wanted fields, as far as the payload has them. */
    static JsonNode read(Delivery delivery, ObjectMapper json) {
        try (JsonParser parser =
                new FilteringParserDelegate(json.createParser(delivery.open()), WANTED, INCLUDE_ALL_AND_PATH, true)) {
            JsonNode payload = json.readTree(parser);
            if (parser.nextToken() != null) {
                throw bad("something follows its end", null);
            }
            return payload == null ? json.createObjectNode() : payload;
        } catch (IOException e) {
            throw bad("it cannot be read; let the webhook send application/json", e);
        }
    }

    private static Problem bad(String fact, Throwable cause) {
        return new Problem(CommonProblem.BAD_REQUEST, "Expected a JSON object as body, but " + fact, cause);
    }

    /** Of an object the fields that have a filter of their own here. */
    private static final class Fields extends TokenFilter {

        private final Map<String, TokenFilter> wanted;

        Fields(Map<String, TokenFilter> wanted) {
            this.wanted = wanted;
        }

        @Override
        public TokenFilter includeProperty(String name) {
            return wanted.get(name);
        }
    }
}
