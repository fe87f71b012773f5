package dev.flujo.stack;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The start script {@code ./flujo} on machines that lack something. */
class ScriptTest {

    /** Hides this machine's JDKs from the command that follows. */
    private static final List<String> WITHOUT_JDKS =
            List.of("unshare", "--mount", "bash", "-c", "mount -t tmpfs none /usr/lib/jvm && exec \"$0\" \"$@\"");

    private static final List<String> NEEDED = List.of(
            "bash",
            "mount",
            "java",
            "mvn",
            "git",
            "setsid",
            "dirname",
            "readlink",
            "sed",
            "find",
            "mkdir",
            "tail",
            "touch");

    @TempDir
    Path directory;

    private Path tools;

    private record Ended(int code, String words) {}

    @BeforeEach
    void make() throws IOException {
        tools = Files.createDirectories(directory.resolve("bin"));
    }

    @ParameterizedTest
    @CsvSource({
        "mvn, 'flujo: Expected Maven 3.8 or newer, but there is no mvn; install it (Debian: apt-get install maven).'",
        "git, 'flujo: Expected git, but it is not there; install it (Debian: apt-get install git).'",
        "setsid, 'flujo: Expected setsid of util-linux, but it is not there; install it (Debian: apt-get install"
                + " util-linux).'"
    })
    void saysWhatToInstall(String missing, String words) throws Exception {
        haveAllBut(Set.of(missing));

        assertEquals(new Ended(1, words), run(List.of(), Map.of(), "up"));
    }

    @ParameterizedTest
    @CsvSource({"11", "16", "22", "25"})
    void refusesAJdkThatCassandraDoesNotRunOn(String version) throws Exception {
        haveAllBut(Set.of());
        Path jdk = jdk(version);

        assertEquals(
                new Ended(
                        1,
                        "flujo: Expected a JDK from 17 to 21 in FLUJO_JAVA_HOME, but " + jdk + " is none; name another"
                                + " one there, or unset it to have one looked for."),
                run(List.of(), Map.of("FLUJO_JAVA_HOME", jdk.toString()), "status"));
    }

    @Test
    void saysWhichJavaItFoundWhereNoneFits() throws Exception {
        haveAllBut(Set.of("java"));
        needsToHideJdks();
        Path jdk = jdk("25");

        assertEquals(
                new Ended(
                        1,
                        "flujo: Expected a JDK from 17 to 21, but found Java 25 at " + jdk + "/bin/java; install one"
                                + " (Debian: apt-get install openjdk-17-jdk-headless) or name one with"
                                + " FLUJO_JAVA_HOME=<directory>."),
                run(WITHOUT_JDKS, Map.of("JAVA_HOME", jdk.toString()), "status"));
    }

    @Test
    void saysThatThereIsNoJavaAtAll() throws Exception {
        haveAllBut(Set.of("java"));
        needsToHideJdks();

        assertEquals(
                new Ended(
                        1,
                        "flujo: Expected a JDK from 17 to 21, but found none; install one (Debian: apt-get install"
                                + " openjdk-17-jdk-headless) or name one with FLUJO_JAVA_HOME=<directory>."),
                run(WITHOUT_JDKS, Map.of(), "up"));
    }

    @Test
    void passesOverAJavaThatDoesNotFitWhereAnotherDoes() throws Exception {
        haveAllBut(Set.of("mvn", "java"));
        Path unfit = jdk("25");
        Files.createSymbolicLink(tools.resolve("java"), Path.of(System.getProperty("java.home"), "bin/java"));

        Ended ended = run(List.of(), Map.of("JAVA_HOME", unfit.toString()), "up");

        assertEquals(
                "flujo: Expected Maven 3.8 or newer, but there is no mvn; install it (Debian: apt-get install maven).",
                ended.words());
    }

    private void needsToHideJdks() throws Exception {
        List<String> command = new ArrayList<>(WITHOUT_JDKS);
        command.add("true");
        Process hidden = new ProcessBuilder(command).start();
        Assumptions.assumeTrue(hidden.waitFor() == 0, "Expected to hide the JDKs, but unshare may not be used here");
    }

    /** A PATH with what the script needs, but for what is missing. */
    private void haveAllBut(Set<String> missing) throws IOException {
        for (String name : NEEDED) {
            if (!missing.contains(name)) {
                Path found = Stream.of("/usr/bin", "/bin", System.getProperty("java.home") + "/bin")
                        .map(place -> Path.of(place, name))
                        .filter(Files::exists)
                        .findFirst()
                        .orElse(Path.of("/bin/false"));
                Files.createSymbolicLink(tools.resolve(name), found);
            }
        }
    }

    /** What looks like a JDK of that version. */
    private Path jdk(String version) throws IOException {
        Path bin = Files.createDirectories(directory.resolve("jdk-" + version + "/bin"));
        executable(bin.resolve("java"), "echo 'openjdk version \"" + version + ".0.1\" 2026-01-01' >&2");
        executable(bin.resolve("javac"), "exit 1");
        return bin.getParent();
    }

    private static void executable(Path file, String script) throws IOException {
        Files.writeString(file, "#!/bin/bash\n" + script + "\n");
        assertEquals(true, file.toFile().setExecutable(true));
    }

    private Ended run(List<String> prefix, Map<String, String> environment, String command)
            throws IOException, InterruptedException {
        List<String> whole = new ArrayList<>(prefix);
        whole.addAll(List.of("bash", Checkout.find().root().resolve("flujo").toString(), command));
        ProcessBuilder builder = new ProcessBuilder(whole).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().put("PATH", tools.toString());
        builder.environment().put("FLUJO_HOME", directory.resolve("data").toString());
        builder.environment().putAll(environment);
        Process script = builder.start();
        String words = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(script.waitFor(), words.strip());
    }
}
