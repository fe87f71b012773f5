package dev.flujo.pipeline.store;

import static dev.flujo.pipeline.store.Tables.KEYSPACE;

import com.datastax.oss.driver.api.core.cql.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The API tokens, of which only hashes are kept. */
@ApplicationScoped
public class Tokens {

    private static final int SHARD = 0;
    private static final String PUT = "INSERT INTO " + KEYSPACE
            + ".api_token (shard, id, hash, name, scopes, groups, created_by, created_at, expires_at)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String GET = "SELECT * FROM " + KEYSPACE + ".api_token WHERE shard = ? AND id = ?";
    private static final String PAGE = "SELECT * FROM " + KEYSPACE + ".api_token WHERE shard = ? AND id > ? LIMIT ?";
    private static final String DELETE = "DELETE FROM " + KEYSPACE + ".api_token WHERE shard = ? AND id = ?";

    private final Database database;

    /** A token without its secret; {@code hash} is the SHA-256 of the whole token in hexadecimal. */
    public record Token(
            String id,
            String hash,
            String name,
            Set<String> scopes,
            Set<String> groups,
            String createdBy,
            Instant createdAt,
            Optional<Instant> expiresAt) {

        public Token {
            scopes = Set.copyOf(scopes);
            groups = Set.copyOf(groups);
        }
    }

    Tokens(Database database) {
        this.database = database;
    }

    public void put(Token token) {
        Database.await(database.write(
                PUT,
                SHARD,
                token.id(),
                token.hash(),
                token.name(),
                words(token.scopes()),
                words(token.groups()),
                token.createdBy(),
                token.createdAt(),
                token.expiresAt().orElse(null)));
    }

    public Optional<Token> find(String id) {
        return database.ask(GET, SHARD, id).stream().findFirst().map(Tokens::token);
    }

    /** At most so many tokens after the given id. */
    public List<Token> page(String after, int most) {
        return database.ask(PAGE, SHARD, after, most).stream()
                .map(Tokens::token)
                .toList();
    }

    public void delete(String id) {
        Database.await(database.write(DELETE, SHARD, id));
    }

    private static String words(Set<String> words) {
        return String.join(" ", new TreeSet<>(words));
    }

    private static Token token(Row row) {
        return new Token(
                row.getString("id"),
                row.getString("hash"),
                row.getString("name"),
                Set.of(row.getString("scopes").split(" ")),
                Optional.ofNullable(row.getString("groups"))
                        .filter(groups -> !groups.isEmpty())
                        .map(groups -> Set.of(groups.split(" ")))
                        .orElse(Set.of()),
                row.getString("created_by"),
                row.getInstant("created_at"),
                Optional.ofNullable(row.getInstant("expires_at")));
    }
}
