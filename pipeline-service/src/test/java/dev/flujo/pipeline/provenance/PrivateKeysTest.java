package dev.flujo.pipeline.provenance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.flujo.event.provenance.SigningKey;
import dev.flujo.pipeline.PipelineServers;
import java.util.List;
import org.junit.jupiter.api.Test;

class PrivateKeysTest {

    private static final String OTHER = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";

    @Test
    void findsThePublicHalfThatOpensslFinds() {
        assertEquals(
                List.of(
                        """
                        -----BEGIN PUBLIC KEY-----
                        MCowBQYDK2VwAyEAZHQCz7PqRdn2qq1lgz2dblcQkNyLf+UQb6MgML+OCnk=
                        -----END PUBLIC KEY-----
                        """),
                PrivateKeys.read(PipelineServers.PROVENANCE_KEY).stream()
                        .map(key -> key.publicKey().pem())
                        .toList());
    }

    @Test
    void readsSeveralKeysInTheirOrder() {
        List<SigningKey> keys =
                PrivateKeys.read(PipelineServers.PROVENANCE_KEY + "\n" + PipelineServers.PROVENANCE_KEY);

        assertEquals(2, keys.size());
    }

    @Test
    void findsNoneInOtherText() {
        assertEquals(List.of(), PrivateKeys.read("placeholder-not-a-secret-provenance-key"));
    }

    @Test
    void refusesAnotherKindOfKeyWithoutSayingAnyOfIt() {
        assertEquals(
                "Expected a private Ed25519 key in PEM, but found another kind of key",
                assertThrows(IllegalArgumentException.class, () -> PrivateKeys.read(OTHER))
                        .getMessage());
    }
}
