package dev.flujo.kit.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;

/**
 * All processes that one command has begun, wherever they have gone: each inherits a variable of its environment that names
 * what it belongs to, and a new session or another parent does not take it away. What has dropped the variable still belongs
 * to it as the child of one that carries it, or as a member of such a one's session.
 */
public final class MarkedProcesses {

    private static final Logger LOG = Logger.getLogger(MarkedProcesses.class);
    /** Most of what is asked, or is on its way out anyway, is gone in a moment; somebody may wait for it. */
    private static final Duration FIRST_STEP = Duration.ofMillis(1);

    private static final Duration LONGEST_STEP = Duration.ofMillis(32);
    private static final Duration PATIENCE_WITH_KILLED = Duration.ofSeconds(10);
    private static final Path PROC = Path.of("/proc");

    private final String mark;
    private final Optional<Leader> leader;

    /** What /proc says of who a process belongs to, and when it began, in ticks since the machine did. */
    private record Kin(long pid, long parent, long session, long birth) {

        boolean lives() {
            return kin(PROC.resolve(Long.toString(pid)))
                    .filter(now -> now.birth == birth)
                    .isPresent();
        }
    }

    /** The first of them. {@code numbers} tells how long whatever it begins has a higher number than it has itself. */
    private record Leader(Kin kin, ProcessNumbers numbers) {}

    /** The processes whose environment has this variable with this value. */
    public MarkedProcesses(String variable, String value) {
        this(variable + "=" + value, Optional.empty());
    }

    private MarkedProcesses(String mark, Optional<Leader> leader) {
        this.mark = mark;
        this.leader = leader;
    }

    /**
     * Those and the members of the session of this process, which lives and has begun all of them: what is older is not
     * looked at any more. To be asked again while the process lives, or when it has only just ended.
     */
    public MarkedProcesses begunBy(long process) {
        ProcessNumbers numbers = ProcessNumbers.now();
        return new MarkedProcesses(
                mark, kin(PROC.resolve(Long.toString(process))).map(kin -> new Leader(kin, numbers)));
    }

    /**
     * Ends all of them: by request, oldest first, and after the patience for good; looks again until none is left. One that is
     * going away has lost its environment before its files and ports, so who was found once is waited for without its mark.
     */
    public void end(Duration patience) {
        long kill = System.nanoTime() + patience.toNanos();
        long giveUp = kill + PATIENCE_WITH_KILLED.toNanos();
        boolean asked = false;
        Duration step = FIRST_STEP;
        Map<Long, Kin> found = new HashMap<>();
        while (true) {
            found.values().removeIf(kin -> !kin.lives());
            kin().forEach(kin -> found.put(kin.pid(), kin));
            if (found.isEmpty()) {
                return;
            }
            List<ProcessHandle> living = handles(found.values());
            long now = System.nanoTime();
            if (now > giveUp) {
                LOG.errorf("processes of %s do not end: %s", mark, living);
                return;
            }
            if (now > kill) {
                living.forEach(ProcessHandle::destroyForcibly);
            } else if (!asked) {
                living.forEach(ProcessHandle::destroy);
                asked = true;
            }
            LockSupport.parkNanos(step.toNanos());
            step = step.compareTo(LONGEST_STEP) < 0 ? step.multipliedBy(2) : LONGEST_STEP;
        }
    }

    /** The processes that carry the mark now, and those that belong to them. */
    public List<ProcessHandle> living() {
        return handles(kin());
    }

    /** Oldest first: nobody who is asked to end is taken by surprise by the end of what it has begun. */
    private static List<ProcessHandle> handles(Collection<Kin> kin) {
        return kin.stream()
                .sorted(Comparator.comparingLong(Kin::birth).thenComparingLong(Kin::pid))
                .flatMap(each -> ProcessHandle.of(each.pid()).stream())
                .filter(ProcessHandle::isAlive)
                .toList();
    }

    private List<Kin> kin() {
        long lowest = leader.filter(first -> first.numbers()
                        .risenSince(first.kin().pid(), first.kin().birth()))
                .map(first -> first.kin().pid())
                .orElse(0L);
        List<Kin> all = entries().stream()
                .filter(entry -> pid(entry) >= lowest)
                .flatMap(entry -> kin(entry).stream())
                .filter(kin ->
                        leader.isEmpty() || kin.birth() >= leader.get().kin().birth())
                .toList();
        Set<Long> ours = new HashSet<>();
        leader.ifPresent(first -> ours.add(first.kin().pid()));
        all.stream().map(Kin::pid).filter(this::marked).forEach(ours::add);
        boolean grown = true;
        while (grown) {
            grown = false;
            for (Kin kin : all) {
                grown |= (ours.contains(kin.parent()) || ours.contains(kin.session())) && ours.add(kin.pid());
            }
        }
        return all.stream().filter(kin -> ours.contains(kin.pid())).toList();
    }

    private static List<Path> entries() {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
            entries.forEach(found::add);
        } catch (IOException e) {
            throw new IllegalStateException("Expected to list the processes in /proc, but " + e.getMessage(), e);
        }
        return found;
    }

    private static long pid(Path entry) {
        return Long.parseLong(entry.getFileName().toString());
    }

    /** A process that ends while it is looked at, or is another user's, carries no mark of ours. */
    private boolean marked(long pid) {
        try {
            String environment =
                    Files.readString(PROC.resolve(Long.toString(pid)).resolve("environ"), StandardCharsets.ISO_8859_1);
            return environment.startsWith(mark + "\0") || environment.contains("\0" + mark + "\0");
        } catch (IOException e) {
            LOG.tracef("no environment of %s: %s", pid, e.getMessage());
            return false;
        }
    }

    /** Empty for a process that has ended, also where its parent has not asked for its exit code yet. */
    private static Optional<Kin> kin(Path entry) {
        try {
            String stat = Files.readString(entry.resolve("stat"), StandardCharsets.ISO_8859_1);
            String[] fields = stat.substring(stat.lastIndexOf(") ") + 2).split(" ", -1);
            return fields[0].equals("Z") || fields[0].equals("X")
                    ? Optional.empty()
                    : Optional.of(new Kin(
                            pid(entry),
                            Long.parseLong(fields[1]),
                            Long.parseLong(fields[3]),
                            Long.parseLong(fields[19])));
        } catch (IOException e) {
            LOG.tracef("no state in %s: %s", entry, e.getMessage());
            return Optional.empty();
        }
    }
}
