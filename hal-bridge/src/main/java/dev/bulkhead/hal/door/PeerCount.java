package dev.bulkhead.hal.door;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts who is connected. One peer cannot take all places: a peer is an address, so on loopback, where everybody has the same, that limit
 * holds for all together. Thread-safe.
 */
public final class PeerCount {
    private final int most;
    private final int mostOfOne;
    private final Map<InetAddress, Integer> peers = new HashMap<>();
    private int total;

    /**
     * @param most connections in total, at least 1
     * @param mostOfOne connections of one address, 1 to {@code most}
     */
    public PeerCount(int most, int mostOfOne) {
        if (mostOfOne < 1 || most < mostOfOne) {
            throw new IllegalArgumentException(mostOfOne + " connections of one peer, " + most + " of all");
        }
        this.most = most;
        this.mostOfOne = mostOfOne;
    }

    /** Takes a place; false when there is none for this peer. What was taken is given back with {@link #leave}. */
    public synchronized boolean enter(InetAddress peer) {
        int present = peers.getOrDefault(peer, 0);
        if (total >= most || present >= mostOfOne) {
            return false;
        }
        peers.put(peer, present + 1);
        total++;
        return true;
    }

    /** Gives a place back. */
    public synchronized void leave(InetAddress peer) {
        Integer present = peers.get(peer);
        if (present == null) {
            throw new IllegalStateException(peer + " leaves and never came");
        }
        if (present == 1) {
            peers.remove(peer);
        } else {
            peers.put(peer, present - 1);
        }
        total--;
    }

    /** How many are connected. */
    public synchronized int total() {
        return total;
    }
}
