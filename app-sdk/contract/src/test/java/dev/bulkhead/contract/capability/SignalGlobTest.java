package dev.bulkhead.contract.capability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SignalGlobTest {
    @Test
    void starStandsForOneLevel() {
        SignalGlob glob = new SignalGlob("Vehicle.*.Speed");
        assertTrue(glob.matches("Vehicle.A.Speed"));
        assertFalse(glob.matches("Vehicle.Speed"));
        assertFalse(glob.matches("Vehicle.A.B.Speed"));
    }

    @Test
    void doubleStarStandsForAnyDepth() {
        SignalGlob glob = new SignalGlob("Vehicle.**");
        assertTrue(glob.matches("Vehicle.A"));
        assertTrue(glob.matches("Vehicle.A.B.C"));
        assertFalse(glob.matches("VehicleX.A"));
    }

    @Test
    void aPathWithAWildcardIsInNoSet() {
        assertFalse(new SignalGlob("Vehicle.**").matches("Vehicle.*"));
        assertFalse(new SignalGlob("Vehicle.**").matches("Vehicle.**"));
    }

    @Test
    void caseMatters() {
        assertFalse(new SignalGlob("Vehicle.Speed").matches("vehicle.speed"));
    }

    @Test
    void refusesTooManyDoubleStars() {
        assertThrows(IllegalArgumentException.class, () -> new SignalGlob("**.A.**.B.**.C.**"));
        assertThrows(IllegalArgumentException.class, () -> new SignalGlob("A" + ".B".repeat(32)));
    }

    @Test
    void intersectsCrossingGlobsExactly() {
        List<SignalGlob> common = new SignalGlob("Vehicle.Cabin.**").intersect(new SignalGlob("**.Temperature"));
        assertEquals(List.of(new SignalGlob("Vehicle.Cabin.**.Temperature")), common);
    }

    /** Every pair of small globs against every small path, with a regular expression as the judge. */
    @Test
    void agreesWithEnumerationOnSmallGlobs() {
        List<List<String>> patterns =
                words(List.of("a", "b", "*", "**"), 3).stream().toList();
        List<SignalGlob> globs =
                patterns.stream().map(w -> new SignalGlob(String.join(".", w))).toList();
        List<String> paths = words(List.of("a", "b"), 6).stream()
                .map(w -> String.join(".", w))
                .toList();
        List<boolean[]> members = globs.stream().map(g -> members(g, paths)).toList();
        for (int i = 0; i < globs.size(); i++) {
            for (int j = 0; j < globs.size(); j++) {
                check(globs.get(i), globs.get(j), members.get(i), members.get(j), paths);
            }
        }
    }

    private static void check(SignalGlob a, SignalGlob b, boolean[] inA, boolean[] inB, List<String> paths) {
        List<SignalGlob> common = a.intersect(b);
        boolean any = false;
        boolean all = true;
        for (int p = 0; p < paths.size(); p++) {
            boolean both = inA[p] && inB[p];
            any |= both;
            all &= !inB[p] || inA[p];
            int path = p;
            assertEquals(
                    both,
                    common.stream().anyMatch(g -> g.matches(paths.get(path))),
                    a + " ∩ " + b + " at " + paths.get(p));
        }
        assertEquals(any, a.overlaps(b), a + " meets " + b);
        assertTrue(all || !a.contains(b), a + " does not contain " + b);
        assertTrue(!all || b.text().contains("**") || a.contains(b), a + " contains " + b);
    }

    private static boolean[] members(SignalGlob glob, List<String> paths) {
        String regex = List.of(glob.text().split("\\.", -1)).stream()
                .map(l -> l.equals("**") ? "(?:[ab]\\.)*" : l.equals("*") ? "[ab]\\." : l + "\\.")
                .collect(Collectors.joining());
        Pattern pattern = Pattern.compile(regex);
        boolean[] in = new boolean[paths.size()];
        for (int p = 0; p < in.length; p++) {
            in[p] = pattern.matcher(paths.get(p) + ".").matches();
            assertEquals(in[p], glob.matches(paths.get(p)), glob + " at " + paths.get(p));
        }
        return in;
    }

    private static List<List<String>> words(List<String> letters, int longest) {
        List<List<String>> all = new ArrayList<>();
        List<List<String>> last = List.of(List.of());
        for (int length = 1; length <= longest; length++) {
            List<List<String>> longer = new ArrayList<>();
            for (List<String> word : last) {
                for (String letter : letters) {
                    List<String> next = new ArrayList<>(word);
                    next.add(letter);
                    longer.add(next);
                }
            }
            all.addAll(longer);
            last = longer;
        }
        return all;
    }
}
