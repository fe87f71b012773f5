package dev.flujo.kit.auth;

import java.util.Optional;

/** Knows which tokens are valid. Called on a worker thread for every request that carries one, so it may block shortly. */
public interface TokenVerifier {

    /** The caller behind the token; none if the token is not, or no longer, valid. */
    Optional<Caller> verify(String token);
}
