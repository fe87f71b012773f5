package dev.flujo.deploy.api;

import dev.flujo.deploy.rollout.Freeze;
import dev.flujo.deploy.rollout.Rules;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The rules of an environment as REST writes and reads them. */
public record RulesBody(Boolean approval, Optional<String> after, List<Window> freezes, Boolean heal) {

    /** A time in which nothing goes out by itself. */
    public record Window(String name, String zone, String from, String to, List<String> days) {

        public Window {
            days = days == null ? List.of() : List.copyOf(days);
        }

        static Window of(Freeze freeze) {
            return new Window(
                    freeze.name(),
                    freeze.zone().getId(),
                    freeze.from(),
                    freeze.to(),
                    freeze.days().stream()
                            .map(day -> day.name().toLowerCase(Locale.ROOT))
                            .toList());
        }
    }

    public RulesBody {
        approval = Boolean.TRUE.equals(approval);
        after = after == null ? Optional.empty() : after;
        freezes = freezes == null ? List.of() : List.copyOf(freezes);
        heal = Boolean.TRUE.equals(heal);
    }

    static RulesBody of(Rules rules) {
        return new RulesBody(
                rules.approval(),
                rules.after(),
                rules.freezes().stream().map(Window::of).toList(),
                rules.heal());
    }
}
