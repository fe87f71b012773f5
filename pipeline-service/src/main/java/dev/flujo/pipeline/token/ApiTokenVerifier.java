package dev.flujo.pipeline.token;

import dev.flujo.kit.auth.Caller;
import dev.flujo.kit.auth.TokenVerifier;
import dev.flujo.kit.problem.Problem;
import dev.flujo.pipeline.store.Tokens;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Knows the users' tokens. What was found is believed for {@value #FRESH_SECONDS} seconds, so a revoked token dies after that
 * on every replica; while the database is away, a token that was valid lately stays so.
 */
@ApplicationScoped
public class ApiTokenVerifier implements TokenVerifier {

    static final int FRESH_SECONDS = 10;

    private static final Duration FRESH = Duration.ofSeconds(FRESH_SECONDS);
    private static final Duration STALE = Duration.ofMinutes(15);
    private static final int REMEMBERED = 10_000;

    private final Tokens tokens;
    private final BootstrapTokens bootstrap;
    private final Clock clock;
    private final Map<String, Known> known = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
            return size() > REMEMBERED;
        }
    };

    private record Known(Optional<Tokens.Token> token, Instant at) {}

    ApiTokenVerifier(Tokens tokens, BootstrapTokens bootstrap, Clock clock) {
        this.tokens = tokens;
        this.bootstrap = bootstrap;
        this.clock = clock;
    }

    @Override
    public Optional<Caller> verify(String token) {
        String hash = TokenSecret.hash(token);
        if (bootstrap.has(hash)) {
            return Optional.of(new Caller("bootstrap", Scope.ALL));
        }
        Instant now = clock.instant();
        return TokenSecret.id(token)
                .flatMap(id -> find(id, now))
                .filter(found -> TokenSecret.sameHash(found.hash(), hash))
                .filter(found -> found.expiresAt().map(now::isBefore).orElse(true))
                .map(found -> new Caller(found.name(), Scope.expanded(found.scopes()), found.groups()));
    }

    /** Lets the next request with this token look at the database. */
    public void forget(String id) {
        synchronized (known) {
            known.remove(id);
        }
    }

    private Optional<Tokens.Token> find(String id, Instant now) {
        Known before = remembered(id);
        if (before != null && now.isBefore(before.at().plus(FRESH))) {
            return before.token();
        }
        try {
            Optional<Tokens.Token> found = tokens.find(id);
            synchronized (known) {
                known.put(id, new Known(found, now));
            }
            return found;
        } catch (Problem e) {
            if (before != null
                    && before.token().isPresent()
                    && now.isBefore(before.at().plus(STALE))) {
                return before.token();
            }
            throw e;
        }
    }

    private Known remembered(String id) {
        synchronized (known) {
            return known.get(id);
        }
    }
}
