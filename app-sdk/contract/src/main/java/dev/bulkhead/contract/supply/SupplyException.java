package dev.bulkhead.contract.supply;

import dev.bulkhead.contract.ContractException;
import java.io.Serial;

/** Something about the supply chain that cannot be written down: a module or a document that is not what it should be. */
public final class SupplyException extends ContractException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** Says what is wrong, and where. */
    public SupplyException(String message) {
        super(message);
    }
}
