package dev.bulkhead.hal.driver.databroker;

import dev.bulkhead.contract.capability.SignalGlob;
import dev.bulkhead.hal.driver.DriverException;
import dev.bulkhead.hal.signal.LeafKind;
import dev.bulkhead.hal.signal.SignalLeaf;
import dev.bulkhead.hal.signal.SignalTree;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Which of our leaves pass between us and the peer, and which way. */
record PeerPlan(Set<SignalLeaf> take, Set<SignalLeaf> command, Set<SignalLeaf> provide, Set<SignalLeaf> accept) {
    private static final int MOST_SIGNALS = 4_096;

    static PeerPlan of(BrokerPeer peer, SignalTree tree) {
        PeerPlan plan = new PeerPlan(
                leaves(tree, peer.take(), false, "take"),
                leaves(tree, peer.command(), true, "command"),
                leaves(tree, peer.provide(), false, "provide"),
                leaves(tree, peer.accept(), true, "accept"));
        plan.refuseBoth(plan.take, plan.provide, "taken from and provided to");
        plan.refuseBoth(plan.command, plan.accept, "commanded at and accepted from");
        return plan;
    }

    private static Set<SignalLeaf> leaves(SignalTree tree, List<SignalGlob> globs, boolean actuators, String what) {
        Set<SignalLeaf> leaves = new LinkedHashSet<>();
        for (SignalGlob glob : globs) {
            List<SignalLeaf> found = tree.matching(glob::matches).stream()
                    .filter(leaf -> !actuators || leaf.kind() == LeafKind.ACTUATOR)
                    .toList();
            if (found.isEmpty()) {
                throw new DriverException("'" + glob.text() + "', to " + what + ", fits no "
                        + (actuators ? "actuator" : "signal") + " of this vehicle");
            }
            leaves.addAll(found);
        }
        if (leaves.size() > MOST_SIGNALS) {
            throw new DriverException(leaves.size() + " signals to " + what + ", at most " + MOST_SIGNALS);
        }
        return leaves;
    }

    private void refuseBoth(Set<SignalLeaf> one, Set<SignalLeaf> other, String what) {
        one.stream().filter(other::contains).findFirst().ifPresent(leaf -> {
            throw new DriverException(leaf.path() + " would be " + what + " the databroker, which would go in circles");
        });
    }
}
