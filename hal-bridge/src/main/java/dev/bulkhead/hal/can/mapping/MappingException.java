package dev.bulkhead.hal.can.mapping;

import dev.bulkhead.hal.HalException;

/** A mapping that cannot be used: names the VSS path and the cause. */
public final class MappingException extends HalException {
    private static final long serialVersionUID = 1L;

    MappingException(String path, String cause) {
        super("mapping of " + path + ": " + cause);
    }
}
