package dev.flujo.runner.checkout;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Brings one exact commit into a workspace with git, which is told to trust nothing: no configuration but ours, no hooks,
 * no redirects, no submodules, only the transports https and ssh, and files only below allowed directories. Every
 * argument that comes from outside is checked and stands behind {@code --}.
 */
public final class GitCheckout {

    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");
    private static final Pattern REMOTE = Pattern.compile("(https|ssh)://[A-Za-z0-9._@:\\[\\]-]+/[^\\s\\\\]+");
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final List<Path> localDirectories;
    private final Path home;

    /** @param localDirectories where {@code file://} repositories may lie */
    public GitCheckout(List<Path> localDirectories, Path home) {
        this.localDirectories = List.copyOf(localDirectories);
        this.home = home;
    }

    /** Checks out the commit; what git says goes to the output file. */
    public void checkOut(String repository, String commit, Path workspace, Path output)
            throws CheckoutException, IOException, InterruptedException {
        if (!COMMIT.matcher(commit).matches()) {
            throw new CheckoutException("Expected a commit as 40 or 64 hexadecimal digits, but found '" + commit + "'");
        }
        String transport = transport(repository);
        git(workspace, output, transport, "init", "--quiet", "--", workspace.toString());
        int fetched = run(
                workspace,
                output,
                transport,
                "fetch",
                "--quiet",
                "--no-tags",
                "--depth=1",
                "--no-recurse-submodules",
                "--",
                repository,
                commit);
        if (fetched != 0) {
            git(
                    workspace,
                    output,
                    transport,
                    "fetch",
                    "--quiet",
                    "--no-tags",
                    "--no-recurse-submodules",
                    "--",
                    repository,
                    "+refs/heads/*:refs/flujo/*");
        }
        git(workspace, output, transport, "checkout", "--quiet", "--detach", commit, "--");
    }

    private String transport(String repository) throws CheckoutException {
        if (REMOTE.matcher(repository).matches() && !repository.contains("/-")) {
            return repository.substring(0, repository.indexOf(':'));
        }
        if (repository.startsWith("file:///")) {
            Path path = Path.of(repository.substring("file://".length())).normalize();
            if (localDirectories.stream()
                    .anyMatch(
                            allowed -> path.startsWith(allowed.toAbsolutePath().normalize()))) {
                return "file";
            }
        }
        throw new CheckoutException("Expected an https or ssh repository, or a file:// one below a directory of"
                + " flujo.runner.local-repositories, but found '" + repository + "'");
    }

    private void git(Path workspace, Path output, String transport, String... arguments)
            throws CheckoutException, IOException, InterruptedException {
        int code = run(workspace, output, transport, arguments);
        if (code != 0) {
            throw new CheckoutException("Expected git " + arguments[0] + " to succeed, but it ended with " + code
                    + "; its words are at the beginning of the log");
        }
    }

    private int run(Path workspace, Path output, String transport, String... arguments)
            throws CheckoutException, IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "git",
                "-c",
                "protocol.allow=never",
                "-c",
                "protocol." + transport + ".allow=always",
                "-c",
                "http.followRedirects=false",
                "-c",
                "core.hooksPath=/dev/null",
                "-c",
                "transfer.fsckObjects=true",
                "-c",
                "submodule.recurse=false",
                "-c",
                "credential.helper=",
                "-c",
                "safe.directory=*",
                "-c",
                "advice.detachedHead=false"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(workspace.toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        builder.environment().clear();
        builder.environment().putAll(environment());
        Process git = builder.start();
        if (!git.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            git.descendants().forEach(ProcessHandle::destroyForcibly);
            git.destroyForcibly();
            throw new CheckoutException("Expected git " + arguments[0] + " to end within " + PATIENCE.toMinutes()
                    + " minutes, but it did not");
        }
        return git.exitValue();
    }

    private Map<String, String> environment() throws IOException {
        Files.createDirectories(home);
        return Map.of(
                "PATH",
                System.getenv().getOrDefault("PATH", "/usr/bin:/bin"),
                "HOME",
                home.toString(),
                "LC_ALL",
                "C.UTF-8",
                "GIT_CONFIG_NOSYSTEM",
                "1",
                "GIT_CONFIG_GLOBAL",
                "/dev/null",
                "GIT_TERMINAL_PROMPT",
                "0",
                "GIT_ASKPASS",
                "/bin/false",
                "GIT_SSH_COMMAND",
                "ssh -oBatchMode=yes -oProxyCommand=none -oPermitLocalCommand=no");
    }
}
