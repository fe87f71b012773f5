package dev.flujo.pipeline.api;

import dev.flujo.kit.page.Cursor;
import dev.flujo.kit.page.Page;
import dev.flujo.pipeline.store.Tokens;
import dev.flujo.pipeline.store.Tokens.Token;
import dev.flujo.pipeline.token.ApiTokenVerifier;
import dev.flujo.pipeline.token.Scope;
import dev.flujo.pipeline.token.TokenSecret;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The tokens with which callers come. A token is shown once, when it is made; only its hash is kept. */
@Path("/api/v1/tokens")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Scope.ADMIN)
@Tag(name = "tokens")
public class TokenResource {

    private static final int MOST_GROUPS = 100;

    private final Tokens tokens;
    private final ApiTokenVerifier verifier;
    private final Commands commands;

    TokenResource(Tokens tokens, ApiTokenVerifier verifier, Commands commands) {
        this.tokens = tokens;
        this.verifier = verifier;
        this.commands = commands;
    }

    /** What a new token shall be. */
    public record TokenBody(
            String name, Set<String> scopes, Optional<Set<String>> groups, Optional<Instant> expiresAt) {}

    /** A token without its secret. */
    public record TokenView(
            String id,
            String name,
            Set<String> scopes,
            Set<String> groups,
            Instant createdAt,
            Optional<Instant> expiresAt) {

        static TokenView of(Token token) {
            return new TokenView(
                    token.id(), token.name(), token.scopes(), token.groups(), token.createdAt(), token.expiresAt());
        }
    }

    /** A new token with its secret. */
    public record NewToken(String token, TokenView about) {}

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Make a token", description = "Its secret is in this answer and nowhere else.")
    public Response make(TokenBody body) {
        Bodies.present(body);
        if (body.name() == null) {
            throw Inputs.bad("Expected a name for the token, but there is none");
        }
        String name = Inputs.name("token", body.name());
        if (body.scopes() == null || body.scopes().isEmpty() || !Scope.ALL.containsAll(body.scopes())) {
            throw Inputs.invalid("Expected scopes among read, write and admin, but found " + body.scopes());
        }
        Set<String> groups = body.groups().orElse(Set.of());
        if (groups.size() > MOST_GROUPS) {
            throw Inputs.invalid("Expected at most " + MOST_GROUPS + " groups, but there are " + groups.size());
        }
        groups.forEach(group -> Inputs.name("group", group));
        body.expiresAt().filter(end -> !end.isAfter(commands.now())).ifPresent(end -> {
            throw Inputs.invalid("Expected 'expiresAt' in the future, but it is " + end);
        });
        String secret = TokenSecret.create();
        String id = TokenSecret.id(secret).orElseThrow();
        Token token = new Token(
                id,
                TokenSecret.hash(secret),
                name,
                body.scopes(),
                groups,
                commands.by(),
                commands.now(),
                body.expiresAt());
        tokens.put(token);
        commands.record("token.make", id);
        return Response.created(URI.create("/api/v1/tokens/" + id))
                .entity(new NewToken(secret, TokenView.of(token)))
                .build();
    }

    @GET
    @Operation(summary = "The tokens that there are")
    public Page<TokenView> all(@QueryParam("limit") String limit, @QueryParam("cursor") String cursor) {
        int most = Inputs.limit(limit, 100);
        String after = Cursor.place("tokens", cursor, place -> place.get(0)).orElse("");
        List<Token> found = tokens.page(after, most);
        Optional<String> next = found.size() < most
                ? Optional.empty()
                : Optional.of(Cursor.of("tokens", found.get(found.size() - 1).id()));
        return new Page<>(found.stream().map(TokenView::of).toList(), next);
    }

    @DELETE
    @Path("{id}")
    @Operation(summary = "Revoke a token", description = "It is refused everywhere within ten seconds.")
    public Response revoke(@PathParam("id") String id) {
        tokens.delete(id);
        verifier.forget(id);
        commands.record("token.revoke", id);
        return Response.noContent().build();
    }
}
