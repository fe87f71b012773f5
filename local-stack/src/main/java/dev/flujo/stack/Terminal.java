package dev.flujo.stack;

import java.io.PrintStream;
import java.util.Locale;

/** Says on the terminal what a stack is doing, with the seconds since it began. */
final class Terminal implements LocalStack.Progress {

    private final PrintStream out;
    private final long began = System.nanoTime();

    Terminal(PrintStream out) {
        this.out = out;
    }

    @Override
    public void starting(String member) {
        say("starting", member);
    }

    @Override
    public void ready(String member) {
        say("ready", member);
    }

    @Override
    public void stopping(String member) {
        say("stopping", member);
    }

    void line(String text) {
        out.println(text);
        out.flush();
    }

    private void say(String what, String member) {
        line(String.format(Locale.ROOT, "%6.1f s  %-9s %s", (System.nanoTime() - began) / 1e9, what, member));
    }
}
