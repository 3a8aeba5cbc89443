package dev.bulkhead.agent.tools;

import java.security.PublicKey;
import java.util.List;

/** Who may come in at the doors for tools. */
public sealed interface Visitors {
    /** Anybody on this machine may do anything. Only for a virtual vehicle that nobody sits in. */
    record Everybody() implements Visitors {}

    /** Anybody on this machine may read what the policy gives to {@code tool.databroker.anybody}; nobody commands or provides. */
    record Readers() implements Visitors {}

    /**
     * Who has a token signed by one of these keys may do what both token and policy give.
     *
     * @param keys Ed25519, P-256 or RSA
     */
    record TokenHolders(List<PublicKey> keys) implements Visitors {
        public TokenHolders {
            if (keys.isEmpty()) {
                throw new IllegalArgumentException("no key, so no token could ever be good; name at least one");
            }
            keys = List.copyOf(keys);
        }
    }
}
