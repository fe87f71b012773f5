package dev.flujo.runner.cache;

import dev.flujo.event.Work;
import java.util.List;

/**
 * Whose caches a job finds, the nearest first, and where it writes its own. What a pull request writes only jobs of the same
 * branch of pull requests find, and what comes from another repository is kept apart from that too.
 *
 * @param write whether it may write, into the first scope that it reads
 */
public record CacheScope(String project, List<String> reads, boolean write) {

    private static final String SHARED = "shared";

    /** The scope that the orchestrator has given a job; one that it has given none reads what all may read. */
    public static CacheScope of(Work work) {
        String branch = work.revision().branch();
        return switch (work.env().getOrDefault(Work.CACHES, "")) {
            case "shared" -> new CacheScope(work.project(), List.of(SHARED), true);
            case "request" -> new CacheScope(work.project(), List.of("request/" + branch, SHARED), true);
            case "fork" -> new CacheScope(work.project(), List.of("fork/" + branch, SHARED), true);
            default -> new CacheScope(work.project(), List.of(SHARED), false);
        };
    }

    String own() {
        return reads.get(0);
    }
}
