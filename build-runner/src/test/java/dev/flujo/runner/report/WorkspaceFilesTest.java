package dev.flujo.runner.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkspaceFilesTest {

    @TempDir
    Path directory;

    private Path workspace;

    @BeforeEach
    void make() throws IOException {
        workspace = Files.createDirectories(directory.resolve("workspace"));
        Files.createDirectories(workspace.resolve("target"));
        Files.writeString(workspace.resolve("target/app.jar"), "jar");
        Files.writeString(workspace.resolve("target/other.jar"), "jar");
        Files.writeString(directory.resolve("secret"), "secret");
    }

    @Test
    void findsFilesByPathAndByPattern() throws IOException {
        assertEquals(List.of("target/app.jar"), found("target/app.jar"));
        assertEquals(List.of("target/app.jar", "target/other.jar"), found("target/*.jar"));
        assertEquals(List.of(), found("*.jar"));
    }

    @Test
    void neverLeavesTheWorkspace() throws IOException {
        Files.createSymbolicLink(workspace.resolve("link"), directory.resolve("secret"));
        Files.createSymbolicLink(workspace.resolve("out"), directory);

        assertEquals(List.of(), found("../secret"));
        assertEquals(List.of(), found("link"));
        assertEquals(List.of(), found("out/secret"));
        assertEquals(List.of(), found("out/*"));
    }

    private List<String> found(String glob) throws IOException {
        return WorkspaceFiles.matching(workspace, glob).stream()
                .map(file -> workspace.relativize(file).toString())
                .toList();
    }
}
