package dev.bulkhead.contract.capability;

import dev.bulkhead.contract.notation.ByteSize;
import java.util.List;

/**
 * The app's own key-value store.
 *
 * @param bytes keys and values together, 1..1 TiB
 */
public record Storage(long bytes) implements Capability {
    public Storage {
        if (bytes < 1 || bytes > 1L << 40) {
            throw new IllegalArgumentException("storage must be 1B..1024GiB, not " + bytes + " bytes");
        }
    }

    @Override
    public List<Capability> intersect(Capability authority) {
        return authority instanceof Storage other ? List.of(new Storage(Math.min(bytes, other.bytes))) : List.of();
    }

    @Override
    public String toString() {
        return "storage " + ByteSize.text(bytes);
    }
}
