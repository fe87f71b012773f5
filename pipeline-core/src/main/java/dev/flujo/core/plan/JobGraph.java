package dev.flujo.core.plan;

import dev.flujo.core.plan.JobReader.ReadJob;
import dev.flujo.core.plan.shape.Limits;
import dev.flujo.core.plan.yaml.Node;
import dev.flujo.core.plan.yaml.Problems;
import dev.flujo.core.plan.yaml.Quote;
import dev.flujo.core.plan.yaml.Spelling;
import dev.flujo.event.plan.Job;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Checks what jobs say about each other: every need exists, none leads back, and no chain is too long. */
final class JobGraph {

    private final Map<String, ReadJob> jobs = new LinkedHashMap<>();
    private final Problems problems;

    JobGraph(List<ReadJob> read, Problems problems) {
        this.problems = problems;
        read.forEach(job -> jobs.put(job.id(), job));
    }

    void check() {
        jobs.values().forEach(this::checkNeeds);
        jobs.values().forEach(this::checkFrom);
        jobs.values().forEach(this::checkAnalysed);
        Map<String, Integer> depths = depths();
        List<ReadJob> unordered = jobs.values().stream()
                .filter(job -> !depths.containsKey(job.id()))
                .toList();
        reportCycles(unordered);
        jobs.values().stream()
                .filter(job -> depths.getOrDefault(job.id(), 0) > Limits.CHAIN)
                .findFirst()
                .ifPresent(job -> problems.add(
                        job.field().key(),
                        "Expected at most " + Limits.CHAIN + " jobs one after the other, but " + Quote.of(job.id())
                                + " comes after more; join some of them."));
    }

    private void checkNeeds(ReadJob job) {
        for (Node.Scalar need : job.needs()) {
            if (need.text().equals(job.id())) {
                problems.add(
                        need, "Expected another job in `needs`, but " + need.described() + " is this job; remove it.");
            } else if (!jobs.containsKey(need.text())) {
                refuseUnknown(need, "`needs`");
            }
        }
    }

    private void checkFrom(ReadJob job) {
        job.from().ifPresent(from -> checkArtifacts(job, from, "`from`"));
        job.artifactsFrom().forEach(from -> checkArtifacts(job, from, "`artifacts.from`"));
    }

    private void checkArtifacts(ReadJob job, Node.Scalar from, String key) {
        ReadJob source = jobs.get(from.text());
        if (source == null) {
            refuseUnknown(from, key);
        } else if (job.needs().stream().noneMatch(need -> need.text().equals(from.text()))) {
            problems.add(
                    from,
                    "Expected in " + key + " a job that this job needs, but " + from.described()
                            + " is not in its `needs`; add it there.");
        } else if (!source.jobs().isEmpty()
                && source.jobs().stream().allMatch(made -> made.artifacts().isEmpty())) {
            problems.add(
                    from,
                    "Expected in " + key + " a job with artifacts, but " + from.described()
                            + " has none; give that job `artifacts.paths`.");
        }
    }

    private void checkAnalysed(ReadJob job) {
        for (Node.Scalar analysed : job.analysed()) {
            if (analysed.text().equals(job.id())) {
                problems.add(
                        analysed,
                        "Expected another job in `analysis`, but " + analysed.described()
                                + " is this job; name another.");
            } else if (!jobs.containsKey(analysed.text())) {
                refuseUnknown(analysed, "`analysis`");
            } else {
                checkAnalysed(job, analysed);
            }
        }
    }

    /** The deployment waits for the job's answer, so the job must wait neither for the deployment nor beside it. */
    private void checkAnalysed(ReadJob job, Node.Scalar analysed) {
        ReadJob asked = jobs.get(analysed.text());
        Set<String> before = before(job);
        before(asked).stream()
                .filter(need -> !before.contains(need))
                .findFirst()
                .ifPresent(need -> problems.add(
                        analysed,
                        "Expected in `analysis` a job that needs nothing but what " + Quote.of(job.id())
                                + " needs too, but " + analysed.described() + " needs " + Quote.of(need)
                                + "; remove that need, or add it to " + Quote.of(job.id()) + "."));
        asked.jobs().stream()
                .flatMap(made -> waits(made).stream())
                .findFirst()
                .ifPresent(key -> problems.add(
                        analysed,
                        "Expected in `analysis` a job that starts at once, but " + analysed.described() + " has `" + key
                                + "`, for which its deployment would wait; remove it there, or name another job."));
        jobs.values().stream()
                .flatMap(other -> other.needs().stream())
                .filter(need -> need.text().equals(asked.id()))
                .findFirst()
                .ifPresent(need -> problems.add(
                        need,
                        "Expected in `needs` a job of the run, but " + need.described()
                                + " only runs when an analysis asks it; remove it here, or name another job in"
                                + " `analysis`."));
    }

    private static Optional<String> waits(Job job) {
        if (job.deploy().isPresent()) return Optional.of("deploy");
        if (job.environment().isPresent()) return Optional.of("environment");
        if (job.gate().approval().isPresent()) return Optional.of("approval");
        return job.gate().concurrency().map(group -> "concurrency");
    }

    /** All that comes before a job. */
    private Set<String> before(ReadJob job) {
        Set<String> before = new LinkedHashSet<>();
        Deque<String> open = new ArrayDeque<>(knownNeeds(job));
        while (!open.isEmpty()) {
            String id = open.remove();
            if (before.add(id)) {
                open.addAll(knownNeeds(jobs.get(id)));
            }
        }
        return before;
    }

    private void refuseUnknown(Node.Scalar name, String key) {
        problems.add(
                name,
                "Expected in " + key + " the id of a job of this file, but there is no job " + name.described()
                        + "; correct or remove it.",
                () -> meant(name.text()));
    }

    private Optional<String> meant(String name) {
        return problems.search(() -> Spelling.nearest(name, jobs.keySet()));
    }

    /** How many jobs come one after the other up to each job; jobs on or behind a cycle have no number. */
    private Map<String, Integer> depths() {
        Map<String, List<String>> dependents = dependents();
        Map<String, Integer> open = new HashMap<>();
        Map<String, Integer> depths = new HashMap<>();
        Deque<String> ready = new ArrayDeque<>();
        for (ReadJob job : jobs.values()) {
            String id = job.id();
            open.put(id, knownNeeds(job).size());
            if (open.get(id) == 0) {
                ready.add(id);
            }
            depths.put(id, 1);
        }
        Set<String> ordered = new HashSet<>();
        while (!ready.isEmpty()) {
            String id = ready.remove();
            ordered.add(id);
            for (String dependent : dependents.getOrDefault(id, List.of())) {
                depths.merge(dependent, depths.get(id) + 1, Math::max);
                if (open.merge(dependent, -1, Integer::sum) == 0) {
                    ready.add(dependent);
                }
            }
        }
        depths.keySet().retainAll(ordered);
        return depths;
    }

    private Map<String, List<String>> dependents() {
        Map<String, List<String>> dependents = new HashMap<>();
        for (ReadJob job : jobs.values()) {
            knownNeeds(job).forEach(need -> dependents
                    .computeIfAbsent(need, n -> new ArrayList<>())
                    .add(job.id()));
        }
        return dependents;
    }

    /** Each job of {@code unordered} needs another of them, so going from need to need meets a cycle. */
    private void reportCycles(List<ReadJob> unordered) {
        Set<String> left = new HashSet<>();
        unordered.forEach(job -> left.add(job.id()));
        Set<String> done = new HashSet<>();
        for (ReadJob start : unordered) {
            Map<String, Integer> positions = new HashMap<>();
            List<String> way = new ArrayList<>();
            String at = start.id();
            while (!done.contains(at) && positions.putIfAbsent(at, way.size()) == null) {
                way.add(at);
                at = knownNeeds(jobs.get(at)).stream()
                        .filter(left::contains)
                        .findFirst()
                        .orElseThrow();
            }
            if (positions.containsKey(at)) {
                reportCycle(way.subList(positions.get(at), way.size()));
            }
            done.addAll(way);
        }
    }

    private void reportCycle(List<String> cycle) {
        List<String> shown = new ArrayList<>(cycle.subList(0, Math.min(cycle.size(), 10)));
        if (shown.size() < cycle.size()) {
            shown.add("…");
        }
        shown.add(cycle.get(0));
        ReadJob first = jobs.get(cycle.get(0));
        Node.Scalar need = first.needs().stream()
                .filter(node -> node.text().equals(cycle.get(1 % cycle.size())))
                .findFirst()
                .orElse(first.field().key());
        problems.add(
                need,
                "Expected jobs that can be put in order, but these need each other: " + String.join(" → ", shown)
                        + "; remove one of the needs.");
    }

    private List<String> knownNeeds(ReadJob job) {
        return job.needs().stream()
                .map(Node.Scalar::text)
                .filter(need -> jobs.containsKey(need) && !need.equals(job.id()))
                .toList();
    }
}
