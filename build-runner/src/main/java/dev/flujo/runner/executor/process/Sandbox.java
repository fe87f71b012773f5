package dev.flujo.runner.executor.process;

import dev.flujo.runner.executor.JobUser;
import dev.flujo.runner.executor.process.ProcessConfig.Isolation;
import dev.flujo.runner.executor.process.ProcessConfig.Network;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What a job's processes are begun in, as far as this machine allows: found out once, by trying.
 *
 * @param words what stands before the command
 * @param apart whether a job has processes of its own
 * @param line what isolation that is, for people
 */
record Sandbox(List<String> words, boolean apart, String line) {

    private static final List<String> OWN =
            List.of("--pid", "--fork", "--kill-child", "--mount", "--mount-proc", "--ipc");
    private static final List<String> OWN_NETWORK = List.of("--net");
    private static final long PATIENCE_SECONDS = 10;

    Sandbox {
        words = List.copyOf(words);
    }

    /**
     * The best there is for what is configured.
     *
     * @param script what the user of jobs has to be able to read
     * @throws IOException if what must not be left out cannot be had
     */
    static Sandbox find(ProcessConfig config, Optional<JobUser> user, Path script)
            throws IOException, InterruptedException {
        List<String> limits = limits(config, user);
        if (config.isolation() == Isolation.NONE && config.network() == Network.OPEN) {
            return checked(limits, false, "nothing of their own", user, config, script);
        }
        for (List<String> as : List.of(List.<String>of(), List.of("--user", "--map-current-user"))) {
            List<String> words = new ArrayList<>(List.of("unshare"));
            words.addAll(as);
            words.addAll(OWN);
            words.addAll(config.network() == Network.NONE ? OWN_NETWORK : List.of());
            words.add("--");
            words.addAll(limits);
            if (works(words, List.of("true"))) {
                return checked(
                        words,
                        true,
                        "processes, mounts and System V objects of their own"
                                + (config.network() == Network.NONE ? ", no network" : ""),
                        user,
                        config,
                        script);
            }
        }
        if (config.network() == Network.NONE) {
            throw new IOException(
                    "Expected to keep jobs from the network, as flujo.runner.process.network wants, but this"
                            + " machine does not allow the runner a network of its own for them; let it make user namespaces, or"
                            + " use containers");
        }
        return checked(
                limits, false, "nothing of their own, since this machine does not allow that", user, config, script);
    }

    private static Sandbox checked(
            List<String> words, boolean apart, String own, Optional<JobUser> user, ProcessConfig config, Path script)
            throws IOException, InterruptedException {
        if (!works(words, List.of("test", "-r", script.toString()))) {
            throw new IOException(
                    "Expected " + user.map(who -> "the user " + who.text()).orElse("a job") + " to read "
                            + script + ", but it cannot: let others enter the directories above it (chmod o+x), or move"
                            + " flujo.runner.directory");
        }
        return new Sandbox(
                words,
                apart,
                "jobs are processes of this machine: " + own + "; "
                        + user.map(who -> "as the user " + who.text()).orElse("as the runner's user")
                        + (config.isolation() == Isolation.NONE ? "" : ", who cannot become another")
                        + "; the kernel is shared, so trusted code only");
    }

    /** Who a job is, and what the kernel holds each of its processes to. */
    private static List<String> limits(ProcessConfig config, Optional<JobUser> user)
            throws IOException, InterruptedException {
        List<String> words = new ArrayList<>();
        config.files().ifPresent(files -> words.addAll(List.of("prlimit", "--nofile=" + files)));
        if (config.isolation() == Isolation.BEST || user.isPresent()) {
            words.add("setpriv");
        }
        if (config.isolation() == Isolation.BEST) {
            words.add("--no-new-privs");
        }
        user.ifPresent(who -> words.addAll(List.of(
                "--reuid=" + who.uid(),
                "--regid=" + who.gid(),
                "--clear-groups",
                "--bounding-set=-all",
                "--inh-caps=-all")));
        return works(words, List.of("true")) ? words : unlessNeeded(user, config);
    }

    private static List<String> unlessNeeded(Optional<JobUser> user, ProcessConfig config) throws IOException {
        if (user.isPresent() || config.files().isPresent()) {
            throw new IOException("Expected prlimit and setpriv of util-linux for flujo.runner.process.user and"
                    + " flujo.runner.process.files, but they do not work here");
        }
        return List.of();
    }

    private static boolean works(List<String> words, List<String> command) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(words);
        all.addAll(command);
        try {
            Process process = new ProcessBuilder(all)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            process.destroyForcibly();
            return ended && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
