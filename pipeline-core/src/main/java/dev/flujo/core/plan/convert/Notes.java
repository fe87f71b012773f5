package dev.flujo.core.plan.convert;

import java.util.ArrayList;
import java.util.List;

/** What could not be converted, while a file is converted. */
final class Notes {

    private final List<Conversion.Note> all = new ArrayList<>();

    /** Something in this line was left out, and this is what to do about it. */
    void add(int line, String what, String remedy) {
        all.add(new Conversion.Note(line, "`" + what + "` was not converted; " + remedy + "."));
    }

    /** Something in this line was converted, but should be looked at. */
    void look(int line, String message) {
        all.add(new Conversion.Note(line, message + "."));
    }

    List<Conversion.Note> all() {
        return all;
    }
}
