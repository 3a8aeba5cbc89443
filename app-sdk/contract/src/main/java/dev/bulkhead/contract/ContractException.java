package dev.bulkhead.contract;

/** Root of everything the contract refuses: a malformed capability line, manifest, condition or package. */
public abstract class ContractException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    protected ContractException(String message) {
        super(message);
    }

    protected ContractException(String message, Throwable cause) {
        super(message, cause);
    }

    /** What is wrong; never null. */
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
