package dev.flujo.runner.executor;

import dev.flujo.runner.executor.dummy.DummyExecutor;
import java.nio.file.Path;

class DummyExecutorTest extends JobExecutorContract {

    @Override
    protected JobExecutor executor(Path root) {
        return new DummyExecutor();
    }

    @Override
    protected String printing(String line) {
        return "print " + line;
    }

    @Override
    protected String lasting() {
        return "wait 3600000";
    }
}
