package dev.flujo.core.plan.yaml;

import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds the word that was probably meant. */
public final class Spelling {

    /** Words further apart than this are different words; it also bounds the work per pair of words. */
    private static final int FURTHEST = 3;

    private static final int LONGEST = 64;

    private Spelling() {}

    /** The nearest of the known words, the first of them where several are as near; none that hides something. */
    public static Optional<String> nearest(String word, Collection<String> known) {
        if (word.length() > LONGEST) {
            return Optional.empty();
        }
        String written = word.toLowerCase(Locale.ROOT);
        int nearest = Math.min(FURTHEST, Math.max(1, written.length() / 3)) + 1;
        String found = null;
        for (String candidate : known) {
            int distance = distance(written, candidate.toLowerCase(Locale.ROOT), nearest);
            if (distance < nearest && Characters.firstHidden(candidate).isEmpty()) {
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
        int[][] rows = new int[3][to.length() + 1];
        Arrays.setAll(rows[0], j -> j);
        for (int i = 1; i <= from.length(); i++) {
            int[] row = rows[i % 3];
            Arrays.fill(row, limit);
            row[0] = i;
            int best = i;
            for (int j = Math.max(1, i - limit); j <= Math.min(to.length(), i + limit); j++) {
                row[j] = cell(from, to, i, j, rows);
                best = Math.min(best, row[j]);
            }
            if (best >= limit) {
                return limit;
            }
        }
        return Math.min(limit, rows[from.length() % 3][to.length()]);
    }

    /** The table's rows take turns in three arrays. */
    private static int cell(String from, String to, int i, int j, int[][] rows) {
        boolean same = from.charAt(i - 1) == to.charAt(j - 1);
        int[] above = rows[(i + 2) % 3];
        int distance = Math.min(above[j - 1] + (same ? 0 : 1), Math.min(above[j], rows[i % 3][j - 1]) + 1);
        boolean swapped =
                i > 1 && j > 1 && from.charAt(i - 1) == to.charAt(j - 2) && from.charAt(i - 2) == to.charAt(j - 1);
        return swapped ? Math.min(distance, rows[(i + 1) % 3][j - 2] + 1) : distance;
    }
}
