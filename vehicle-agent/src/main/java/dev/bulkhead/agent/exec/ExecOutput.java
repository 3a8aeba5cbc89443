package dev.bulkhead.agent.exec;

/** Where a module's standard output (1) and error (2) go. Called on the guest's strand. */
@FunctionalInterface
public interface ExecOutput {
    void write(int stream, byte[] bytes);

    static ExecOutput discard() {
        return (stream, bytes) -> {};
    }
}
