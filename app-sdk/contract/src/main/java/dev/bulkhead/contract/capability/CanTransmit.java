package dev.bulkhead.contract.capability;

import java.util.List;

/** Send frames on a bus. */
public record CanTransmit(CanAccess access) implements Capability {
    @Override
    public List<Capability> intersect(Capability authority) {
        return authority instanceof CanTransmit other ? access.intersect(other.access, CanTransmit::new) : List.of();
    }

    @Override
    public String toString() {
        return access.text("tx");
    }
}
