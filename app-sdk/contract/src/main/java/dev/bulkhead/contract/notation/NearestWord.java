package dev.bulkhead.contract.notation;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds the known word a typo most likely meant. */
public final class NearestWord {
    private static final int LONGEST = 64;

    private NearestWord() {}

    /**
     * The known word within a third of the typed word's length (at least one, two from four letters on) in
     * edits, case aside; the first in iteration order among equals.
     */
    public static Optional<String> to(String typed, Collection<String> known) {
        if (typed.isEmpty() || typed.length() > LONGEST) {
            return Optional.empty();
        }
        int allowed = Math.max(typed.length() < 4 ? 1 : 2, typed.length() / 3);
        String best = null;
        int bestDistance = allowed + 1;
        for (String word : known) {
            int distance = distance(typed.toLowerCase(Locale.ROOT), word.toLowerCase(Locale.ROOT));
            if (distance < bestDistance) {
                best = word;
                bestDistance = distance;
            }
        }
        return Optional.ofNullable(best);
    }

    /** Edits (insert, delete, replace, swap of neighbours) between two words. */
    private static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            d[i][0] = i;
        }
        for (int j = 0; j <= b.length(); j++) {
            d[0][j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            for (int j = 1; j <= b.length(); j++) {
                int replace = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                d[i][j] = Math.min(replace, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
                if (swapped(a, b, i, j)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }

    private static boolean swapped(String a, String b, int i, int j) {
        return i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    }
}
