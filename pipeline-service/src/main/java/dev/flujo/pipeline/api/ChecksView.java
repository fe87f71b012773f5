package dev.flujo.pipeline.api;

import dev.flujo.pipeline.api.CheckView.Conclusion;
import java.util.List;
import java.util.Optional;

/**
 * All checks of a commit, by pipeline.
 *
 * @param conclusion what they say together: failure if one of them does, else pending if one of them is; nothing where there
 *     are none
 */
public record ChecksView(String project, String commit, Optional<Conclusion> conclusion, List<CheckView> checks) {

    public ChecksView {
        checks = List.copyOf(checks);
    }

    static ChecksView of(String project, String commit, List<CheckView> checks) {
        return new ChecksView(project, commit, together(checks), checks);
    }

    private static Optional<Conclusion> together(List<CheckView> checks) {
        List<Conclusion> all = checks.stream().map(CheckView::conclusion).toList();
        if (all.contains(Conclusion.FAILURE)) {
            return Optional.of(Conclusion.FAILURE);
        }
        return all.contains(Conclusion.PENDING)
                ? Optional.of(Conclusion.PENDING)
                : all.stream().findFirst();
    }
}
