package dev.flujo.stack.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.flujo.stack.Checkout;
import dev.flujo.stack.StackException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShopRepositoryTest {

    @TempDir
    Path directory;

    @BeforeEach
    void needsGit() {
        boolean there = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(place -> Files.isExecutable(Path.of(place, "git")));
        assumeTrue(there, "needs git (Debian: apt-get install git)");
    }

    @Test
    void pushesWhatChanged() throws IOException, InterruptedException {
        ShopRepository repository = create();
        ShopRepository.Commit first = repository.push("First");
        repository.replace("src/main/java/shop/Price.java", "MANY = 10", "MANY = 11");
        ShopRepository.Commit second = repository.push("Second");

        assertNotEquals(first.id(), second.id());
        assertEquals(
                second.id(),
                Files.readString(directory.resolve("demo/web-shop.git/refs/heads/main"))
                        .strip());
    }

    @Test
    void beginsAnewEachTime() throws IOException, InterruptedException {
        create().push("First");

        create();

        assertFalse(Files.exists(directory.resolve("demo/web-shop.git/refs/heads/main")));
    }

    @Test
    void takesThePipelineFromTheExample() throws IOException, InterruptedException {
        assertTrue(create().pipeline().startsWith("name: web-shop\n"));
    }

    @Test
    void saysWhenTheExampleIsNoLongerAsToldInTheStory() throws IOException, InterruptedException {
        ShopRepository repository = create();

        StackException failure = assertThrows(
                StackException.class, () -> repository.replace("src/main/java/shop/Price.java", "MANY = 7", "x"));

        assertTrue(failure.getMessage().startsWith("Expected 'MANY = 7' in "), failure.getMessage());
    }

    private ShopRepository create() throws IOException, InterruptedException {
        return ShopRepository.create(Checkout.find().root(), directory.resolve("demo"));
    }
}
