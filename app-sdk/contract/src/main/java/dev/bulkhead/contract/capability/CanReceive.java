package dev.bulkhead.contract.capability;

import java.util.List;

/** Receive frames from a bus. */
public record CanReceive(CanAccess access) implements Capability {
    @Override
    public List<Capability> intersect(Capability authority) {
        return authority instanceof CanReceive other ? access.intersect(other.access, CanReceive::new) : List.of();
    }

    @Override
    public String toString() {
        return access.text("rx");
    }
}
