package dev.bulkhead.contract.capability;

import java.util.Optional;

/** How many payload bytes a CAN frame may have, 0..64, both ends included. */
public record PayloadLengths(int least, int most) {
    public PayloadLengths {
        if (least < 0 || most > 64 || least > most) {
            throw new IllegalArgumentException("dlc " + least + ".." + most + " is empty or outside 0..64");
        }
    }

    public boolean contains(int length) {
        return length >= least && length <= most;
    }

    public Optional<PayloadLengths> intersect(PayloadLengths other) {
        int from = Math.max(least, other.least);
        int to = Math.min(most, other.most);
        return from <= to ? Optional.of(new PayloadLengths(from, to)) : Optional.empty();
    }

    @Override
    public String toString() {
        return least + ".." + most;
    }
}
