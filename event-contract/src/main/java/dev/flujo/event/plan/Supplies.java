package dev.flujo.event.plan;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a job is given before its first step: secrets by name, caches, the artifacts of jobs that it needs, and what of its commit lies
 * elsewhere.
 *
 * @param artifactsFrom the jobs whose artifacts are laid into the workspace
 * @param checkout what is checked out beside the commit's own files
 */
public record Supplies(
        List<String> secrets, List<Cache> caches, List<String> artifactsFrom, Optional<Checkout> checkout) {

    /** Nothing. */
    public static final Supplies NONE = new Supplies(List.of(), List.of(), List.of(), Optional.empty());

    /**
     * What a commit names and does not hold.
     *
     * @param submodules other repositories at the commits that it names, and theirs (gitmodules(5))
     * @param lfs files for which Git LFS has put pointers
     */
    public record Checkout(boolean submodules, boolean lfs) {}

    /**
     * Files that jobs find again. The key is text, or follows from the content of files; where nothing has that key, the
     * newest entry whose key begins with one of the restore keys counts.
     */
    public record Cache(
            List<String> paths, Optional<String> key, List<String> keyFiles, List<String> restoreKeys, Policy policy) {

        /** What a job does with a cache. */
        public enum Policy {
            PULL,
            PUSH,
            BOTH
        }

        public Cache {
            paths = paths == null ? List.of() : List.copyOf(paths);
            key = key == null ? Optional.empty() : key;
            keyFiles = keyFiles == null ? List.of() : List.copyOf(keyFiles);
            restoreKeys = restoreKeys == null ? List.of() : List.copyOf(restoreKeys);
            Objects.requireNonNull(policy, "policy");
        }
    }

    public Supplies {
        secrets = secrets == null ? List.of() : List.copyOf(secrets);
        caches = caches == null ? List.of() : List.copyOf(caches);
        artifactsFrom = artifactsFrom == null ? List.of() : List.copyOf(artifactsFrom);
        checkout = checkout == null ? Optional.empty() : checkout;
    }
}
