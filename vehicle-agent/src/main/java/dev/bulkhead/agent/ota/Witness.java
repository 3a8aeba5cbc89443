package dev.bulkhead.agent.ota;

/**
 * Where the client tells what must not be forgotten: the audit log, in the agent. Called on the client's strand; an
 * implementation must not block for longer than one durable write.
 */
public interface Witness {
    /**
     * Something arrived that no honest peer sends, or a package was not what was signed. Nothing was installed.
     *
     * @param kind a stable word: {@code rollback}, {@code block-hash}, {@code malformed}, …
     * @param detail what, where, and the limit
     */
    void attackSeen(String kind, String detail);
}
