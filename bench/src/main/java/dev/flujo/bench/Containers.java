package dev.flujo.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Jobs in containers of the machine's engine: from the request for a run to its first command where a container waits and where
 * none does, the latter beside {@code docker run} of the same image; and from step to step.
 */
final class Containers implements Measurement {

    /** An image with bash 5 and coreutils. */
    private static final String IMAGE = System.getenv().getOrDefault("FLUJO_JOB_IMAGE", "buildpack-deps:bookworm");

    private static final int RUNS = 60;
    private static final int COLD_RUNS = 15;
    private static final double PER_SECOND = 1;
    private static final double COLD_PER_SECOND = 0.7;
    private static final int STEPS = 10;

    @Override
    public List<Figure> measure(Session session) throws InterruptedException, IOException {
        if (!there()) {
            System.out.println("Skipped: no container engine with the image " + IMAGE);
            return List.of();
        }
        session.runWith(Map.of(
                "FLUJO_RUNNER_EXECUTOR",
                "docker",
                "FLUJO_RUNNER_SLOTS",
                "4",
                "FLUJO_RUNNER_DOCKER_IMAGE",
                IMAGE,
                "FLUJO_RUNNER_DOCKER_AHEAD",
                "4"));
        begun(session, "docker-warm-up", RUNS, PER_SECOND);
        Latencies warm = begun(session, "docker-warm", RUNS, PER_SECOND);
        Latencies steps = steps(session);
        session.runWith(Map.of(
                "FLUJO_RUNNER_EXECUTOR",
                "docker",
                "FLUJO_RUNNER_SLOTS",
                "4",
                "FLUJO_RUNNER_DOCKER_IMAGE",
                IMAGE,
                "FLUJO_RUNNER_DOCKER_AHEAD",
                "0"));
        begun(session, "docker-cold-warm-up", COLD_RUNS, COLD_PER_SECOND);
        Latencies cold = begun(session, "docker-cold", COLD_RUNS, COLD_PER_SECOND);
        double plain = plain().percentile(0.5);
        session.runWith("process", 4);
        return List.of(
                Figure.atMost(
                        "docker, a container waits: request to first command, p50 of " + warm.count() + " runs at 1/s",
                        warm.percentile(0.5),
                        "ms",
                        60),
                Figure.shown("docker, a container waits: request to first command, p99", warm.percentile(0.99), "ms"),
                Figure.atMost("docker: step to step, p50 of " + steps.count(), steps.percentile(0.5), "ms", 30),
                Figure.shown("docker run of the same image to its first command, p50", plain, "ms"),
                Figure.atMost(
                        "docker, no container waits: request to first command, p50 of " + cold.count(),
                        cold.percentile(0.5),
                        "ms",
                        plain * 1.2));
    }

    private static boolean there() throws IOException, InterruptedException {
        try {
            Process look = new ProcessBuilder("docker", "image", "inspect", IMAGE)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return look.waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static Latencies begun(Session session, String project, int count, double perSecond)
            throws InterruptedException {
        session.api().submit(project, Pipelines.oneStep(mark("begun")));
        try (RunLog log = session.runLog()) {
            Map<String, Double> sent = Load.sentByRun(new Load(session.api(), project).atRate(count, perSecond));
            log.await(session, count);
            List<Double> times = new ArrayList<>();
            sent.forEach((run, at) -> times.add(marks(session, run).get("begun") - at));
            return Latencies.of(times);
        }
    }

    private static Latencies steps(Session session) throws InterruptedException {
        String[] commands = new String[STEPS];
        for (int i = 0; i < STEPS; i++) {
            commands[i] = mark("begun-" + i) + "\n" + mark("ended-" + i);
        }
        session.api().submit("docker-steps", Pipelines.steps(commands));
        try (RunLog log = session.runLog()) {
            Map<String, Double> sent =
                    Load.sentByRun(new Load(session.api(), "docker-steps").atRate(RUNS / STEPS, PER_SECOND));
            log.await(session, RUNS / STEPS);
            List<Double> times = new ArrayList<>();
            for (String run : sent.keySet()) {
                Map<String, Double> marks = marks(session, run);
                for (int i = 1; i < STEPS; i++) {
                    times.add(marks.get("begun-" + i) - marks.get("ended-" + (i - 1)));
                }
            }
            return Latencies.of(times);
        }
    }

    /** What {@code docker run} takes to the same command. */
    private static Latencies plain() throws IOException, InterruptedException {
        List<Double> times = new ArrayList<>();
        for (int i = 0; i < COLD_RUNS; i++) {
            double begin = System.currentTimeMillis();
            Process run =
                    new ProcessBuilder("docker", "run", "--rm", IMAGE, "bash", "-c", "echo $EPOCHREALTIME").start();
            String said = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (!run.waitFor(1, TimeUnit.MINUTES) || run.exitValue() != 0) {
                throw new IOException("Expected docker run to succeed, but it did not");
            }
            times.add(Double.parseDouble(said.replace(',', '.')) * 1000 - begin);
        }
        return Latencies.of(times);
    }

    private static String mark(String name) {
        return "echo \"$FLUJO_RUN " + name + " $EPOCHREALTIME\" >> \"$FLUJO_WORKSPACE/witness\"";
    }

    /** A container sees no file of the machine; its workspace lies in the runner's directory for a while. */
    private static Map<String, Double> marks(Session session, String run) {
        Path attempts = session.stack().home().resolve("build-runner/attempts").resolve(run);
        try (Stream<Path> files = Files.find(attempts, 4, (path, found) -> path.endsWith("workspace/witness"))) {
            return new Witness(files.findFirst().orElseThrow()).millisByRun().get(run);
        } catch (IOException e) {
            throw new UncheckedIOException("Expected the workspace of run " + run, e);
        }
    }
}
