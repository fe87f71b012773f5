package dev.flujo.runner.executor.process;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * Makes control groups for jobs below the runner's own, of version 2 or 1 as this machine has them: what holds all processes of
 * a job together to so much memory and so many processes.
 *
 * @param parents the groups below which there is one for each job: one in all, or one for each thing that is limited
 * @param limits what is written into which file of a job's group, in this order; each version has other files
 */
record ControlGroups(String prefix, List<Path> parents, Map<String, String> limits) {

    private static final Logger LOG = Logger.getLogger(ControlGroups.class);
    private static final Path ROOT = Path.of("/sys/fs/cgroup");
    private static final List<String> COUNTERS = List.of("memory.events", "memory.oom_control", "pids.events");

    /** What begins a command in the groups that it is told, and all that it begins with it. */
    private static final String JOIN =
            "for group in $FLUJO_GROUPS; do echo $$ >\"$group/cgroup.procs\" || exit 1; done;"
                    + " unset FLUJO_GROUPS; exec \"$@\"";

    ControlGroups {
        parents = List.copyOf(parents);
        limits = Collections.unmodifiableMap(new LinkedHashMap<>(limits));
    }

    /** Those that the configuration wants; none if it wants none. */
    static Optional<ControlGroups> find(ProcessConfig config, String prefix) throws IOException {
        if (config.memory().isEmpty() && config.pids().isEmpty()) {
            return Optional.empty();
        }
        ControlGroups groups = at(ROOT, Files.readAllLines(Path.of("/proc/self/cgroup")), config, prefix);
        groups.tryOut(config);
        return Optional.of(groups);
    }

    /** Those of a process that is in these groups, as its own file says. */
    static ControlGroups at(Path root, List<String> own, ProcessConfig config, String prefix) {
        Map<String, String> limits = new LinkedHashMap<>();
        config.memory().map(memory -> Long.toString(memory.asLongValue())).ifPresent(bytes -> {
            limits.put("memory.max", bytes);
            limits.put("memory.swap.max", "0");
            limits.put("memory.limit_in_bytes", bytes);
            limits.put("memory.memsw.limit_in_bytes", bytes);
        });
        config.pids().ifPresent(pids -> limits.put("pids.max", Long.toString(pids)));
        if (config.cgroup().isPresent()) {
            return new ControlGroups(prefix, List.of(config.cgroup().get()), limits);
        }
        List<Path> parents = new ArrayList<>();
        for (String line : own) {
            String[] words = line.split(":", 3);
            boolean wanted = (words[1].equals("memory") && config.memory().isPresent())
                    || (words[1].equals("pids") && config.pids().isPresent());
            if (wanted) {
                parents.add(below(root.resolve(words[1]), words[2]));
            } else if (words[0].equals("0")
                    && Files.exists(below(root, words[2]).resolve("cgroup.controllers"))) {
                parents.add(below(root, words[2]));
            }
        }
        return new ControlGroups(prefix, parents, limits);
    }

    private static Path below(Path root, String path) {
        return root.resolve(path.substring(1));
    }

    /** What has to work for every job is tried with none in it. */
    private void tryOut(ProcessConfig config) throws IOException {
        try {
            Set<String> written = make("trial");
            if ((config.memory().isPresent() && written.stream().noneMatch(file -> file.startsWith("memory.")))
                    || (config.pids().isPresent() && !written.contains("pids.max"))) {
                throw new IOException("a group there has no such limit");
            }
        } catch (IOException e) {
            throw new IOException(
                    "Expected to limit the memory and processes of jobs by control groups in " + parents + ", but "
                            + e.getMessage()
                            + "; name a group that is given to the runner in flujo.runner.process.cgroup,"
                            + " leave flujo.runner.process.memory and …pids out, or use containers",
                    e);
        } finally {
            remove("trial");
        }
    }

    /** Makes the groups of the job with this mark, and names the files by which they are limited. */
    Set<String> make(String mark) throws IOException {
        Set<String> written = new HashSet<>();
        for (Path group : groups(mark)) {
            Files.createDirectories(group);
            for (Map.Entry<String, String> limit : limits.entrySet()) {
                if (write(group.resolve(limit.getKey()), limit.getValue())) {
                    written.add(limit.getKey());
                }
            }
        }
        return written;
    }

    private static boolean write(Path file, String value) throws IOException {
        if (!Files.exists(file)) {
            return false;
        }
        Files.writeString(file, value);
        return true;
    }

    /** What stands before the command of a job whose groups are made. */
    List<String> words() {
        return List.of("bash", "-c", JOIN, "flujo");
    }

    /** What that command has to have in its environment. */
    Map<String, String> environment(String mark) {
        List<String> files = new ArrayList<>();
        for (Path group : groups(mark)) {
            COUNTERS.stream()
                    .map(group::resolve)
                    .filter(Files::exists)
                    .map(Path::toString)
                    .forEach(files::add);
        }
        return Map.of(
                "FLUJO_GROUPS",
                String.join(" ", groups(mark).stream().map(Path::toString).toList()),
                "FLUJO_COUNTERS",
                String.join(" ", files));
    }

    /** Removes the groups of a job that has no process any more. */
    void remove(String mark) {
        groups(mark).forEach(ControlGroups::removeIfEmpty);
    }

    /** Removes those of earlier lives of the runner in which nothing is executed any more. */
    void removeEmpty() {
        for (Path parent : parents) {
            try (DirectoryStream<Path> left = Files.newDirectoryStream(parent, prefix + "*")) {
                left.forEach(ControlGroups::removeIfEmpty);
            } catch (IOException e) {
                LOG.debugf("control groups that are left in %s cannot be seen: %s", parent, e);
            }
        }
    }

    private List<Path> groups(String mark) {
        return parents.stream().map(parent -> parent.resolve(prefix + mark)).toList();
    }

    private static void removeIfEmpty(Path group) {
        try {
            Files.deleteIfExists(group);
        } catch (IOException e) {
            LOG.debugf("the control group %s is kept: %s", group, e);
        }
    }
}
