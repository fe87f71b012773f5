package dev.flujo.core.plan;

import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds the word that was probably meant. */
final class Spelling {

    /** Words further apart than this are different words; it also bounds the work per pair of words. */
    private static final int FURTHEST = 3;

    private static final int LONGEST = 64;

    private Spelling() {}

    /** The nearest of the known words, the first of them where several are as near. */
    static Optional<String> nearest(String word, Collection<String> known) {
        if (word.length() > LONGEST) {
            return Optional.empty();
        }
        String written = word.toLowerCase(Locale.ROOT);
        int nearest = Math.min(FURTHEST, Math.max(1, written.length() / 3)) + 1;
        String found = null;
        for (String candidate : known) {
            int distance = distance(written, candidate.toLowerCase(Locale.ROOT), nearest);
            if (distance < nearest) {
                nearest = distance;
                found = candidate;
            }
        }
        return Optional.ofNullable(found);
    }

    /**
     * Insertions, deletions, replacements and swaps of neighbours that turn one word into the other; {@code limit} when
     * it would be that many or more. Only the band of the table that can stay under the limit is computed.
     */
    static int distance(String from, String to, int limit) {
        if (Math.abs(from.length() - to.length()) >= limit) {
            return limit;
        }
        int[] beforeLast = new int[to.length() + 1];
        int[] last = new int[to.length() + 1];
        int[] row = new int[to.length() + 1];
        Arrays.setAll(last, j -> j);
        for (int i = 1; i <= from.length(); i++) {
            Arrays.fill(row, limit);
            row[0] = i;
            int best = row[0];
            for (int j = Math.max(1, i - limit); j <= Math.min(to.length(), i + limit); j++) {
                row[j] = cell(from, to, i, j, new int[][] {beforeLast, last, row});
                best = Math.min(best, row[j]);
            }
            if (best >= limit) {
                return limit;
            }
            int[] free = beforeLast;
            beforeLast = last;
            last = row;
            row = free;
        }
        return Math.min(limit, last[to.length()]);
    }

    private static int cell(String from, String to, int i, int j, int[][] rows) {
        boolean same = from.charAt(i - 1) == to.charAt(j - 1);
        int distance = Math.min(rows[1][j - 1] + (same ? 0 : 1), Math.min(rows[1][j], rows[2][j - 1]) + 1);
        boolean swapped =
                i > 1 && j > 1 && from.charAt(i - 1) == to.charAt(j - 2) && from.charAt(i - 2) == to.charAt(j - 1);
        return swapped ? Math.min(distance, rows[0][j - 2] + 1) : distance;
    }
}
