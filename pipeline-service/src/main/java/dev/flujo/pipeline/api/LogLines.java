package dev.flujo.pipeline.api;

import dev.flujo.event.Attempt;
import dev.flujo.kit.page.Page;
import dev.flujo.pipeline.store.LogChunk;
import dev.flujo.pipeline.store.Logs;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What attempts have printed, line by line, as it may be shown. */
@ApplicationScoped
class LogLines {

    static final int MOST_LOOKED_AT = 100_000;

    private static final int AT_ONCE = 1_000;

    private final Logs logs;
    private final Jobs jobs;

    LogLines(Logs logs, Jobs jobs) {
        this.logs = logs;
        this.jobs = jobs;
    }

    /** At most so many lines from this one on, and the number of the line to go on with. */
    Page<LogView> page(Attempt attempt, long first, int most) {
        List<LogView> found = from(attempt, first, most);
        return new Page<>(found, found.size() < most ? Optional.empty() : next(found));
    }

    /**
     * At most so many lines from this one on with a text in them, whatever the case of its letters, and the number of the line to go
     * on with; that may come before so many are found, since one page looks at {@value #MOST_LOOKED_AT} lines at most.
     */
    Page<LogView> search(Attempt attempt, long first, int most, String text) {
        String wanted = text.toLowerCase(Locale.ROOT);
        List<LogView> found = new ArrayList<>();
        long from = first;
        while (from - first < MOST_LOOKED_AT) {
            List<LogView> lines = from(attempt, from, AT_ONCE);
            for (LogView line : lines) {
                if (LogText.plain(line.text()).toLowerCase(Locale.ROOT).contains(wanted)) {
                    found.add(line);
                }
                if (found.size() == most) {
                    return new Page<>(found, next(found));
                }
            }
            if (lines.size() < AT_ONCE) {
                return new Page<>(found, Optional.empty());
            }
            from = lines.get(lines.size() - 1).line() + 1;
        }
        return new Page<>(found, Optional.of(Long.toString(from)));
    }

    private static Optional<String> next(List<LogView> lines) {
        return Optional.of(Long.toString(lines.get(lines.size() - 1).line() + 1));
    }

    private List<LogView> from(Attempt attempt, long first, int most) {
        return lines(logs.from(attempt, first, most), first, most);
    }

    /** The log of an attempt as it grows. */
    Follow.Growing<LogView> growing(Attempt attempt) {
        return new Growing(attempt);
    }

    private static List<LogView> lines(List<LogChunk> chunks, long first, int most) {
        List<LogView> lines = new ArrayList<>();
        for (LogChunk chunk : chunks) {
            String[] texts = chunk.text().split("\n", -1);
            for (int i = 0; i < texts.length && lines.size() < most; i++) {
                long line = chunk.firstLine() + i;
                if (line >= first) {
                    lines.add(new LogView(line, chunk.step(), chunk.at(), LogText.harmless(texts[i])));
                }
            }
        }
        return lines;
    }

    /** Remembers the chunk that it has read last, so that a glance is one question. */
    private final class Growing implements Follow.Growing<LogView> {

        private final Attempt attempt;
        private int nextChunk;

        Growing(Attempt attempt) {
            this.attempt = attempt;
        }

        @Override
        public boolean grown(long line) {
            return logs.hasAfter(attempt, nextChunk, line);
        }

        @Override
        public List<LogView> after(long line) {
            List<LogChunk> chunks = logs.from(attempt, line + 1, AT_ONCE);
            if (!chunks.isEmpty()) {
                nextChunk = chunks.get(chunks.size() - 1).number() + 1;
            }
            return lines(chunks, line + 1, AT_ONCE);
        }

        @Override
        public boolean ended(long line) {
            return jobs.one(attempt.run(), attempt.job()).attempts().stream()
                    .anyMatch(view -> view.number() == attempt.number()
                            && view.finishedAt().isPresent()
                            && line >= view.lines());
        }
    }
}
