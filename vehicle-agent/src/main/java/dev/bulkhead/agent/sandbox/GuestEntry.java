package dev.bulkhead.agent.sandbox;

/**
 * An exported function, ready to be called.
 *
 * @param longs how many values of 64 bits its parameters are
 * @param resultLongs the same of its results
 */
record GuestEntry(int function, Signature signature, int longs, int resultLongs) {
    static GuestEntry of(int function, Signature signature) {
        return new GuestEntry(
                function, signature, GuestType.longs(signature.params()), GuestType.longs(signature.results()));
    }
}
