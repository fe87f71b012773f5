package dev.flujo.core.run;

import dev.flujo.core.plan.expression.Evaluation;
import dev.flujo.event.Outcome;
import dev.flujo.event.plan.Condition;
import dev.flujo.event.plan.Job;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** How what the jobs of a run need stands. A need names a job, or everything that came out of it. */
final class Needs {

    private final Supplier<Run> run;
    private final Map<String, Job> jobs = new HashMap<>();
    private final Map<String, List<String>> groups = new HashMap<>();

    /** Of a run that goes on with the plan that it has now. */
    Needs(Supplier<Run> run) {
        this.run = run;
        for (Job job : run.get().plan().jobs()) {
            jobs.put(job.id(), job);
            for (int dot = job.id().indexOf('.'); dot >= 0; dot = job.id().indexOf('.', dot + 1)) {
                groups.computeIfAbsent(job.id().substring(0, dot), name -> new ArrayList<>())
                        .add(job.id());
            }
        }
        groups.forEach((name, members) -> {
            if (jobs.containsKey(name)) {
                members.add(0, name);
            }
        });
    }

    /** Whether the job waits for others however they end. */
    static boolean comesLast(Job job) {
        Condition condition = job.gate().condition();
        return condition.always() || condition.onFailure();
    }

    static boolean cameOutOf(String id, String need) {
        return id.equals(need)
                || (id.length() > need.length() && id.startsWith(need) && id.charAt(need.length()) == '.');
    }

    /** The jobs that a need of the job stands for; what came out of a job itself needs that job alone. */
    List<String> members(Job job, String need) {
        boolean within = job.id().length() > need.length() && cameOutOf(job.id(), need);
        return within ? List.of(need) : members(need);
    }

    private List<String> members(String need) {
        return groups.getOrDefault(need, List.of(need));
    }

    /** The other cells of the matrix that a cell is of. */
    List<String> siblings(Job cell) {
        String matrix = cell.id().substring(0, cell.id().lastIndexOf('.'));
        return members(matrix).stream()
                .filter(id -> !id.equals(cell.id()) && jobs.get(id).cell().isPresent())
                .toList();
    }

    /** Whether all that the job waits for has ended. */
    boolean ended(Job job) {
        return before(job).stream().allMatch(id -> run.get().job(id).ended());
    }

    /** What the job needs and will not get: a need of which something did not succeed, or all was skipped. */
    Optional<String> missed(Job job) {
        return job.needs().stream().filter(need -> missed(job, need)).findFirst();
    }

    /** Whether something that comes before the job, at any distance, has failed. */
    boolean failedBefore(Job job) {
        Set<String> seen = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(before(job));
        while (!open.isEmpty()) {
            String id = open.remove();
            if (seen.add(id)) {
                if (failed(id)) {
                    return true;
                }
                Job earlier = jobs.get(id);
                earlier.needs().forEach(need -> open.addAll(members(earlier, need)));
            }
        }
        return false;
    }

    /** Whether the job has failed and that counts. */
    boolean failed(String id) {
        Optional<Outcome> outcome = run.get().job(id).outcome();
        boolean bad = outcome.isPresent() && (outcome.get() == Outcome.FAILED || outcome.get() == Outcome.ERRORED);
        return bad && !tolerated(jobs.get(id));
    }

    /** How the job's end counts for the run and for what needs it. */
    Outcome counted(String id) {
        Outcome outcome = run.get().job(id).outcome().orElseThrow();
        boolean bad = outcome == Outcome.FAILED || outcome == Outcome.ERRORED;
        return bad && tolerated(jobs.get(id)) ? Outcome.SUCCEEDED : outcome;
    }

    /** What the job waits for; without needs, a job that comes last waits for all that do not wait for such a one. */
    List<String> before(Job job) {
        if (!job.needs().isEmpty()) {
            return job.needs().stream()
                    .flatMap(need -> members(job, need).stream())
                    .toList();
        }
        if (!comesLast(job)) {
            return List.of();
        }
        Set<String> last = last();
        return run.get().jobs().keySet().stream()
                .filter(id -> !last.contains(id))
                .toList();
    }

    private Set<String> last() {
        Set<String> last = new HashSet<>();
        boolean more = true;
        while (more) {
            more = false;
            for (Job job : run.get().plan().jobs()) {
                boolean after = job.needs().isEmpty()
                        ? comesLast(job)
                        : job.needs().stream().anyMatch(need -> last.stream().anyMatch(id -> cameOutOf(id, need)));
                more |= after && last.add(job.id());
            }
        }
        return last;
    }

    private boolean missed(Job job, String need) {
        Outcome worst = Outcome.SKIPPED;
        boolean all = true;
        for (String id : members(job, need)) {
            all &= run.get().job(id).ended();
            if (run.get().job(id).ended()) {
                Outcome counted = counted(id);
                worst = worst.worse(counted);
            }
        }
        return worst.compareTo(Outcome.SUCCEEDED) > 0 || (all && worst == Outcome.SKIPPED);
    }

    private boolean tolerated(Job job) {
        String tolerance = job.tolerance().continueOnError();
        if (tolerance.equals("true") || tolerance.equals("false")) {
            return tolerance.equals("true");
        }
        RunValues values = new RunValues(run.get());
        try {
            return values.context().of(job, values.needs(job)).text(tolerance).equals("true");
        } catch (Evaluation.Failure e) {
            return false;
        }
    }
}
