package dev.flujo.kit.http;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainPathsTest {

    @ParameterizedTest
    @ValueSource(strings = {"/", "/api/v1/runs", "/a/b.c/..d/.e", "/a/", "/%20/%C3%BC/100%25", "/a+b~c@d:e", "*"})
    void takesPathsThatHaveOneReading(String path) {
        assertTrue(PlainPaths.plain(path));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/a;x",
                "/a;.jsp",
                "/a%3Bx",
                "/a%3bx",
                "/a%2Fb",
                "/a%5Cb",
                "/a\\b",
                "//a",
                "/a//b",
                "/./a",
                "/a/.",
                "/a/..",
                "/../a",
                "/a/%2e%2e/b",
                "/a%2E",
                "/a%00",
                "/a%0d%0ab",
                "/a%7f",
                "/a\nb"
            })
    void refusesPathsThatAnotherMayReadDifferently(String path) {
        assertFalse(PlainPaths.plain(path));
    }
}
