package dev.flujo.runner;

import dev.flujo.event.Work;
import dev.flujo.kit.event.Reports;
import dev.flujo.runner.cache.JobCaches;
import dev.flujo.runner.log.LogTail;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.StandardOpenOption;
import org.jboss.logging.Logger;

/** Where an attempt's caches are laid, and where its log says what became of them. */
final class AttemptCaches {

    private static final Logger LOG = Logger.getLogger(AttemptCaches.class);

    private final AttemptDirectory directory;
    private final Work work;
    private final AttemptRun.Tools tools;

    AttemptCaches(AttemptDirectory directory, Work work, AttemptRun.Tools tools) {
        this.directory = directory;
        this.work = work;
        this.tools = tools;
    }

    /** Lays them out; what is to be said of that stands after the checkout's output. */
    void lay(Reports reports) throws IOException {
        if (any()) {
            reports.sendHeld();
            Files.write(directory.output(-1), caches().restore(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
    }

    /** Keeps what is left of them, unless an earlier life of the runner has; what a job has put in the output's place stays. */
    void keep(LogTail log) {
        if (!any()) {
            return;
        }
        int afterLast = work.job().steps().size();
        try {
            if (!Files.exists(directory.output(afterLast), LinkOption.NOFOLLOW_LINKS)) {
                Files.write(directory.output(afterLast), caches().keep(), StandardOpenOption.CREATE_NEW);
            }
            log.finish(afterLast);
        } catch (IOException e) {
            LOG.warnf("could not keep the caches of %s: %s", work.attempt().id(), e.getMessage());
        }
    }

    private boolean any() {
        return !work.job().supplies().caches().isEmpty();
    }

    private JobCaches caches() {
        JobCaches.Places places = new JobCaches.Places(
                directory.workspace(),
                tools.executor().home(directory),
                directory.cacheKeys(),
                directory.path().resolve("cache.tmp"));
        return new JobCaches(
                tools.caches(), work, places, tools.config().cache().entryBytes());
    }
}
