package dev.flujo.runner.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretMaskTest {

    private static final String SECRET = "s3cr\u00e9t+/ =?&%key";

    private final SecretMask mask = SecretMask.of(List.of(SECRET));

    @Test
    void masksTheSecretAsItIs() {
        assertEquals("a *** b ***", mask.apply("a " + SECRET + " b " + SECRET));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "u", "us", "user:", "user:p"})
    void masksTheSecretInBase64WhateverStandsBeforeIt(String before) {
        byte[] bytes = (before + SECRET + "tail").getBytes(StandardCharsets.UTF_8);

        for (Base64.Encoder encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
            String encoded = encoder.encodeToString(bytes);
            String masked = mask.apply("Authorization: Basic " + encoded);
            assertFalse(masked.contains(encoded.substring(8, encoded.length() - 8)), masked);
            assertEquals(1, masked.split("\\*\\*\\*", -1).length - 1, masked);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3cr%C3%A9t%2B%2F+%3D%3F%26%25key",
                "s3cr%C3%A9t%2B%2F%20%3D%3F%26%25key",
                "s3cr%c3%a9t%2b%2f%20%3d%3f%26%25key"
            })
    void masksTheSecretInAUrl(String encoded) {
        assertEquals("https://host/?q=***&x", mask.apply("https://host/?q=" + encoded + "&x"));
    }

    @Test
    void masksEachLineOfASecretOfSeveral() {
        SecretMask pem = SecretMask.of(List.of("-----BEGIN KEY-----\nMIIEvQIBADAN\nBgkqhkiG9w0B\n-----END KEY-----\n"));

        assertEquals("> *** <", pem.apply("> MIIEvQIBADAN <"));
        String whole = pem.apply("-----BEGIN KEY-----\nMIIEvQIBADAN\nBgkqhkiG9w0B\n-----END KEY-----");
        assertEquals(4, whole.split("\n", -1).length, whole);
        assertFalse(pem.apply("MIIEvQIBADAN\nBgkqhkiG9w0B").contains("qhki"));
    }

    @Test
    void masksTheLongerOfTwoThatBeginAlike() {
        SecretMask both = SecretMask.of(List.of("password1", "password1-and-more"));

        assertEquals("*** ***", both.apply("password1-and-more password1"));
    }

    @Test
    void leavesShortWordsAndOtherWritingsOfASecret() {
        assertEquals(
                "no secret here", SecretMask.of(List.of("secret", "", "no")).apply("no secret here"));
        assertEquals("yek", mask.apply("yek"));
    }
}
