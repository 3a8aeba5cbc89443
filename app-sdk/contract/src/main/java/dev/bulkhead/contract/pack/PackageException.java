package dev.bulkhead.contract.pack;

import dev.bulkhead.contract.ContractException;
import java.io.Serial;
import java.util.Locale;

/** A package that cannot be read: which check failed, where, and what stands against it. */
public final class PackageException extends ContractException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** What is wrong, as a stable word for programs and the audit log. */
    public enum Reason {
        TRUNCATED,
        TOO_LARGE,
        BAD_HEADER,
        BAD_COMPRESSION,
        BAD_NAME,
        DUPLICATE,
        MISSING,
        UNREFERENCED,
        BAD_JSON,
        UNKNOWN_MEDIA_TYPE,
        DIGEST_MISMATCH,
        SIZE_MISMATCH;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private final Reason reason;

    PackageException(Reason reason, String message) {
        super("package refused (" + reason + "): " + message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
