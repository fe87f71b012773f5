package dev.flujo.runner.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    @Test
    void findsNeitherPipesNorDirectoriesAndGoesRoundNoLoop() throws Exception {
        assertEquals(
                0,
                new ProcessBuilder("mkfifo", workspace.resolve("pipe").toString())
                        .start()
                        .waitFor());
        Files.createSymbolicLink(workspace.resolve("target/loop"), workspace);

        assertEquals(List.of(), found("pipe"));
        assertEquals(List.of(), found("target"));
        assertEquals(List.of("target/app.jar", "target/other.jar"), found("**"));
        assertEquals(List.of("target/loop/target/app.jar"), found("target/loop/target/app.jar"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{a", "a\\0b", "a{\\", "*\0"})
    void saysThatAPatternIsNone(String glob) {
        String broken = glob.replace("\\0", "\0");

        assertTrue(assertThrows(IOException.class, () -> found(broken))
                .getMessage()
                .startsWith("Expected a path or a pattern, but found"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc/passwd", "/etc/*", "../*", "../secret", "target/../../secret", "**/../../secret"})
    void findsNothingOutside(String glob) throws IOException {
        assertEquals(List.of(), found(glob));
    }

    private List<String> found(String glob) throws IOException {
        return WorkspaceFiles.matching(workspace, glob).stream()
                .map(file -> workspace.relativize(file).toString())
                .toList();
    }

    @Test
    void refusesAFileThatHasAnotherNameOutside() throws IOException {
        Path outside = Files.writeString(directory.resolve("outside"), "secret");
        Files.createLink(workspace.resolve("linked"), outside);

        IOException refused = assertThrows(IOException.class, () -> WorkspaceFiles.matching(workspace, "linked"));
        assertThrows(IOException.class, () -> WorkspaceFiles.matching(workspace, "*"));

        assertTrue(refused.getMessage().contains("linked is also a file elsewhere"), refused.getMessage());
    }

    @Test
    void findsFilesThatAreLinkedInsideOfTheWorkspaceOnly() throws IOException {
        Path first = Files.writeString(workspace.resolve("first"), "");
        Path second = Files.createLink(workspace.resolve("second"), first);

        assertEquals(List.of(second), WorkspaceFiles.matching(workspace, "second"));
    }
}
