package dev.flujo.runner.executor.docker;

import dev.flujo.runner.executor.JobUser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The two pipes by which the supervisor in a container hears and tells. */
record Pipes(Path in, Path out) {

    static Pipes in(Path directory) {
        return new Pipes(directory.resolve("in"), directory.resolve("out"));
    }

    void make(JobUser user) throws IOException, InterruptedException {
        Process made = new ProcessBuilder("mkfifo", "-m", "600", in.toString(), out.toString())
                .redirectErrorStream(true)
                .start();
        String words = new String(made.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (made.waitFor() != 0) {
            throw new IOException("Expected mkfifo to make pipes in " + in.getParent() + ", but it said: " + words);
        }
        user.own(in);
        user.own(out);
    }
}
