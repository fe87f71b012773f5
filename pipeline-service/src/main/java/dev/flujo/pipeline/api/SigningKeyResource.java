package dev.flujo.pipeline.api;

import dev.flujo.event.provenance.PublicSigningKey;
import dev.flujo.kit.page.Page;
import dev.flujo.pipeline.provenance.SigningKeys;
import dev.flujo.pipeline.token.Scope;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The public halves of the keys that the platform signs with. */
@Path("/api/v1/signing-keys")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Scope.READ)
@Tag(name = "jobs")
public class SigningKeyResource {

    private final SigningKeys keys;

    SigningKeyResource(SigningKeys keys) {
        this.keys = keys;
    }

    /** One key; its id stands in the envelopes that it has signed. */
    public record SigningKeyView(String id, String algorithm, String pem) {

        static SigningKeyView of(PublicSigningKey key) {
            return new SigningKeyView(key.id(), PublicSigningKey.ALGORITHM, key.pem());
        }
    }

    @GET
    @Operation(summary = "The public keys of the platform, the one that signs now first")
    public Page<SigningKeyView> all() {
        return new Page<>(keys.published().stream().map(SigningKeyView::of).toList(), Optional.empty());
    }
}
