package dev.flujo.runner;

import io.quarkus.runtime.Application;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import org.jboss.logging.Logger;

/** The runner's process. Asked to end, it exits with 0 when it has: of itself a Java machine would exit as if it was killed. */
@QuarkusMain
public final class RunnerMain {

    private static final Logger LOG = Logger.getLogger(RunnerMain.class);

    private static volatile boolean failed;

    private RunnerMain() {}

    public static void main(String[] arguments) {
        Runtime.getRuntime().addShutdownHook(new Thread(RunnerMain::end, "exit-code"));
        Quarkus.run(
                null,
                (code, failure) -> {
                    if (code != 0) {
                        failed = true;
                        LOG.error("the runner could not start", failure);
                        System.exit(code);
                    }
                },
                arguments);
    }

    /** The machine ends only when all that is done at its end is done, this too. */
    private static void end() {
        if (!failed) {
            Application.currentApplication().awaitShutdown();
            Runtime.getRuntime().halt(0);
        }
    }
}
