package dev.bulkhead.cli.hal;

import dev.bulkhead.contract.capability.SignalGlob;
import dev.bulkhead.contract.notation.NearestWord;
import dev.bulkhead.hal.signal.SignalLeaf;
import dev.bulkhead.hal.signal.SignalTree;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds the level of a path that a vehicle's tree does not have, and the one that was probably meant. */
public final class NearestSignal {
    private NearestSignal() {}

    /** Whether the tree has a signal of this path, glob or branch. */
    public static boolean isKnown(SignalTree tree, SignalGlob glob) {
        return tree.isBranch(glob.text()) || !tree.matching(glob::matches).isEmpty();
    }

    /** The glob with each level up to the first {@code *} spelt as the tree spells it; empty where one is near to nothing there. */
    public static Optional<SignalGlob> to(SignalTree tree, SignalGlob glob) {
        List<String> right = new ArrayList<>();
        List<String> levels = List.of(glob.text().split("\\.", -1));
        for (String level : levels) {
            if (level.startsWith("*")) {
                right.addAll(levels.subList(right.size(), levels.size()));
                break;
            }
            Optional<String> near = NearestWord.to(level, below(tree, right));
            if (near.isEmpty()) {
                return Optional.empty();
            }
            right.add(near.get());
        }
        return Optional.of(new SignalGlob(String.join(".", right)))
                .filter(found -> !found.equals(glob) && isKnown(tree, found));
    }

    private static Set<String> below(SignalTree tree, List<String> branch) {
        String prefix = branch.isEmpty() ? "" : String.join(".", branch) + ".";
        Set<String> names = new LinkedHashSet<>();
        for (SignalLeaf leaf : tree.leaves()) {
            if (leaf.path().startsWith(prefix)) {
                String rest = leaf.path().substring(prefix.length());
                int dot = rest.indexOf('.');
                names.add(dot < 0 ? rest : rest.substring(0, dot));
            }
        }
        return names;
    }
}
