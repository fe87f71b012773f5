package dev.flujo.core.plan;

import dev.flujo.core.plan.yaml.Quote;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/** One field of a cron line: the numbers it names, and whether it begins with a star. */
record CronField(BitSet values, boolean star) {

    static CronField of(String name, String text, int least, int most, List<String> words) {
        BitSet values = new BitSet(most + 1);
        for (String part : text.split(",", -1)) {
            add(values, name, part, least, most, words);
        }
        return new CronField(values, text.startsWith("*"));
    }

    private static void add(BitSet values, String name, String part, int least, int most, List<String> words) {
        String[] stepped = part.split("/", -1);
        String[] range = stepped[0].split("-", -1);
        if (stepped.length > 2 || range.length > 2) {
            throw refused(name, part, least, most);
        }
        boolean all = stepped[0].equals("*");
        int from = all ? least : number(name, range[0], least, most, words);
        int to = all || (range.length == 1 && stepped.length == 2)
                ? most
                : number(name, range[range.length - 1], least, most, words);
        int step = stepped.length == 2 ? number(name, stepped[1], 1, most, List.of()) : 1;
        if (to < from) {
            throw new IllegalArgumentException(
                    "the " + name + " " + Quote.of(part) + " ends before it begins; turn it around");
        }
        // Sunday is 0 and 7; `*` shall count it once.
        int last = all && most == 7 ? 6 : to;
        for (int i = from; i <= last; i += step) {
            values.set(i);
        }
    }

    private static int number(String name, String text, int least, int most, List<String> words) {
        int word = words.indexOf(text.toUpperCase(Locale.ROOT));
        if (word >= 0) {
            return word + least;
        }
        if (!text.matches("[0-9]{1,2}") || Integer.parseInt(text) < least || Integer.parseInt(text) > most) {
            throw refused(name, text, least, most);
        }
        return Integer.parseInt(text);
    }

    private static IllegalArgumentException refused(String name, String text, int least, int most) {
        return new IllegalArgumentException(
                "the " + name + " " + Quote.of(text) + " is none from " + least + " to " + most + "; correct it");
    }
}
