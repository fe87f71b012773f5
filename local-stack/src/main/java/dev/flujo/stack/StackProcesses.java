package dev.flujo.stack;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Every process of a stack, whether or not it is known by a pid file: each inherits a variable that names the stack. What
 * has dropped the variable still belongs to it as the child of one that carries it, or as a member of such a one's session.
 */
final class StackProcesses {

    /** The variable that every process of a stack inherits. */
    static final String MARK = "FLUJO_STACK";

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Path home;

    StackProcesses(Path home) {
        this.home = home;
    }

    /** What a stack in this directory is called. */
    static String id(Path home) {
        return home.toAbsolutePath().normalize().toString();
    }

    /** Ends all of them but those that are spared; returns when none of them lives any more. */
    void end(Predicate<ProcessHandle> spared) {
        Predicate<ProcessHandle> ours = spared.negate();
        // Who hides is not found any more once its parent has died, and may still live.
        Map<ProcessHandle, ProcessEntry> found = new HashMap<>();
        for (Consumer<ProcessHandle> tell :
                List.<Consumer<ProcessHandle>>of(ProcessHandle::destroy, ProcessHandle::destroyForcibly)) {
            living().stream().filter(ours).forEach(process -> ProcessEntry.of(process.pid())
                    .ifPresent(entry -> found.putIfAbsent(process, entry)));
            found.forEach((process, entry) -> {
                if (entry.lives()) {
                    tell.accept(process);
                }
            });
            boolean ended = Await.until(
                    PATIENCE,
                    () -> found.values().stream().noneMatch(ProcessEntry::lives)
                            && living().stream().noneMatch(ours));
            if (ended) {
                return;
            }
        }
        throw new StackException("Expected these processes to end, but they do not: " + living());
    }

    /** Those that live now; whoever asks is none of them, also where a job of the stack asks. */
    List<ProcessHandle> living() {
        List<ProcessEntry> all = ProcessEntry.all();
        String variable = MARK + "=" + id(home);
        Set<Long> ours = all.stream()
                .filter(entry -> entry.carries(variable))
                .map(ProcessEntry::pid)
                .collect(Collectors.toCollection(HashSet::new));
        while (all.stream()
                .filter(entry -> ours.contains(entry.parent()) || ours.contains(entry.session()))
                .map(entry -> ours.add(entry.pid()))
                .reduce(false, Boolean::logicalOr)) {
            // until nobody's child or companion is missing
        }
        for (Optional<ProcessHandle> asking = Optional.of(ProcessHandle.current());
                asking.isPresent();
                asking = asking.get().parent()) {
            ours.remove(asking.get().pid());
        }
        return ours.stream()
                .flatMap(pid -> ProcessHandle.of(pid).stream())
                .filter(ProcessHandle::isAlive)
                .toList();
    }
}
