package dev.flujo.stack.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** What the demo prints: plain lines, with colours where a person looks at a terminal. */
final class Screen {

    private static final String BOLD = "1";
    private static final String GREEN = "32";
    private static final String RED = "31";
    private static final String FAINT = "2";

    private final PrintStream out;
    private final boolean colours;

    Screen(PrintStream out, boolean colours) {
        this.out = out;
        this.colours = colours;
    }

    static Screen of(PrintStream out, Map<String, String> environment) {
        boolean colours = terminal()
                && environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !environment.getOrDefault("TERM", "dumb").equals("dumb");
        return new Screen(out, colours);
    }

    /** Begins a part of the story. */
    void heading(String text) {
        line("");
        line(coloured(BOLD, "== " + text));
    }

    void line(String text) {
        out.println(text);
        out.flush();
    }

    /** An event of a run. */
    void event(String time, String text, EventLine.Mood mood) {
        line("  " + coloured(FAINT, time) + "  "
                + switch (mood) {
                    case GOOD -> coloured(GREEN, text);
                    case BAD -> coloured(RED, text);
                    case PLAIN -> text;
                });
    }

    /** Something that was expected, and is so. */
    void seen(String text) {
        line(coloured(GREEN, "  seen: ") + text);
    }

    /** Whether the standard output is a terminal, as Linux names it; on other systems there are no colours. */
    private static boolean terminal() {
        try {
            String output = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
            return output.startsWith("/dev/pts/") || output.startsWith("/dev/tty");
        } catch (IOException e) {
            return false;
        }
    }

    private String coloured(String code, String text) {
        return colours ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
