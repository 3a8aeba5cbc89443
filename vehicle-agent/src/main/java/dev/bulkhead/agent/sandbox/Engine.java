package dev.bulkhead.agent.sandbox;

/** Admits and compiles modules. Thread-safe. */
public interface Engine {
    /** Name for reports and cache keys, for example {@code bulkhead} or {@code plain}. */
    String name();

    /**
     * Admits and compiles a module (sandbox.md, Admission). Nothing of it has run and nothing was allocated for it when this throws.
     *
     * @throws AdmissionException with the first check that failed
     */
    CompiledModule compile(byte[] module, Limits limits, ImportGate gate);

    /**
     * The same for a module whose digest whoever verified it has taken already.
     *
     * @param digest SHA-256 of {@code module}, lower-case hex; what is compiled is kept under it
     */
    CompiledModule compile(byte[] module, String digest, Limits limits, ImportGate gate);
}
