package dev.flujo.bench;

/** The pipelines whose runs are measured. */
final class Pipelines {

    private Pipelines() {}

    /** One job of one step. */
    static String oneStep(String command) {
        return "name: main\non: manual\njobs:\n" + job("only", "", command);
    }

    /** The same for every commit that is pushed. */
    static String ofPushes(String command) {
        return "name: main\non: push\njobs:\n" + job("only", "", command);
    }

    /** Two jobs, the second of which needs the first. */
    static String twoJobs(String first, String second) {
        return "name: main\non: manual\njobs:\n" + job("first", "", first)
                + job("second", "    needs: [first]\n", second);
    }

    /** One job of several steps. */
    static String steps(String... commands) {
        StringBuilder text = new StringBuilder("name: main\non: manual\njobs:\n  only:\n    steps:\n");
        for (int i = 0; i < commands.length; i++) {
            text.append(step("step " + i, commands[i]));
        }
        return text.toString();
    }

    /** So many jobs that need nothing of each other. */
    static String beside(int count, String command) {
        StringBuilder text = new StringBuilder("name: main\non: manual\njobs:\n");
        for (int i = 0; i < count; i++) {
            text.append(job("job" + i, "", command));
        }
        return text.toString();
    }

    /** So many jobs, each of which needs the one before. */
    static String chain(int count, String command) {
        StringBuilder text = new StringBuilder("name: main\non: manual\njobs:\n");
        for (int i = 0; i < count; i++) {
            text.append(job("job" + i, i == 0 ? "" : "    needs: [job" + (i - 1) + "]\n", command));
        }
        return text.toString();
    }

    /** A deployment to production whose application is this command. */
    static String deployment(String command) {
        return "name: main\non: manual\njobs:\n"
                + job("build", "    artifacts: {paths: [out]}\n", "echo built > out")
                + "  production:\n    needs: build\n    deploy:\n      environment: production\n      from: build\n"
                + "      start: |\n        " + command + "\n";
    }

    private static String job(String id, String more, String command) {
        return "  " + id + ":\n" + more + "    steps:\n" + step("only", command);
    }

    private static String step(String name, String command) {
        return "      - name: " + name + "\n        run: |\n          " + command.replace("\n", "\n          ") + "\n";
    }
}
