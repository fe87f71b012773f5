package dev.flujo.stack.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.flujo.stack.Rest;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class GitHubTest {

    @Test
    void signsAsGitHubDocumentsIt() {
        GitHub gitHub = new GitHub(new Rest("http://127.0.0.1:1", "token"), "It's a Secret to Everybody");

        assertEquals(
                "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
                gitHub.signature("Hello, World!".getBytes(StandardCharsets.UTF_8)));
    }
}
