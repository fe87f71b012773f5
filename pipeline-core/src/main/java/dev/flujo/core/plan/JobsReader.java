package dev.flujo.core.plan;

import dev.flujo.core.plan.JobReader.ReadJob;
import dev.flujo.core.plan.shape.Limits;
import dev.flujo.core.plan.yaml.Node;
import dev.flujo.core.plan.yaml.Problems;
import dev.flujo.event.plan.Job;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads all jobs of a file, and checks what they say about each other. */
final class JobsReader {

    private final Problems problems;
    private final JobReader reader;

    JobsReader(Problems problems, Meaning meaning, Templates templates) {
        this.problems = problems;
        this.reader = new JobReader(problems, meaning, templates);
    }

    List<ReadJob> read(List<Node.Field> fields, JobReader.Around around) {
        if (fields.size() > Limits.JOBS) {
            return List.of();
        }
        Map<String, Optional<List<String>>> outputs = JobReader.outputs(fields, problems);
        List<ReadJob> jobs = fields.stream()
                .map(field -> reader.read(field, around, outputs))
                .toList();
        new JobGraph(jobs, problems).check();
        checkSizes(jobs);
        return jobs;
    }

    /** Matrices and templates multiply what stands in the file. */
    private void checkSizes(List<ReadJob> jobs) {
        int all = 0;
        for (ReadJob read : jobs) {
            int before = all;
            for (Job job : read.jobs()) {
                all += cells(read, job);
            }
            if (all > Limits.JOBS && before <= Limits.JOBS) {
                problems.add(
                        read.field().key(),
                        "Expected at most " + Limits.JOBS + " jobs in a run, but with matrices and templates there are"
                                + " more from here on; split the pipeline.");
            }
        }
    }

    private int cells(ReadJob read, Job job) {
        boolean known = job.matrix()
                .filter(matrix -> !matrix.dynamic())
                .filter(matrix -> !matrix.axes().isEmpty() || !matrix.include().isEmpty())
                .filter(matrix -> matrix.axes().values().stream().noneMatch(List::isEmpty))
                .isPresent();
        if (!known) {
            return 1;
        }
        Node at = new Fields(read.field().value(), problems)
                .field("matrix")
                .map(Node.Field::key)
                .map(Node.class::cast)
                .orElse(read.field().key());
        try {
            return Cells.of(job).size();
        } catch (Cells.Refused e) {
            if (!problems.refused(at)) {
                problems.add(at, e.getMessage() + "; make it smaller.");
            }
            return 1;
        }
    }
}
