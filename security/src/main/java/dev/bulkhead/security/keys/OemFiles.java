package dev.bulkhead.security.keys;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/** Which roots and fleet authorities are in force, as the files below {@code trust/} say. */
record OemFiles(KeyFolder files) {
    static final String ROOTS = "trust/oem-root.pem";
    static final String FLEETS = "trust/fleet-authorities.pem";
    private static final String CROSSES = "trust/oem-cross.pem";
    /** As many as fit into a chain beside a leaf and its authority. */
    private static final int MOST_CROSSES = 3;

    List<X509Certificate> roots() {
        return files.chain(ROOTS);
    }

    List<X509Certificate> crosses() {
        return files.has(CROSSES) ? files.chain(CROSSES) : List.of();
    }

    /** What is shown to those who trust a root before this one: the certificates, then each root as its predecessor vouches for it. */
    List<X509Certificate> chain(X509Certificate... certificates) {
        List<X509Certificate> chain = new ArrayList<>(List.of(certificates));
        chain.addAll(crosses());
        return chain;
    }

    /** A root that is believed from now on, beside those before it. */
    void addRoot(X509Certificate root, X509Certificate cross, long unixMillis) {
        putFirst(root, roots(), Integer.MAX_VALUE, ROOTS, unixMillis);
        putFirst(cross, crosses(), MOST_CROSSES, CROSSES, unixMillis);
    }

    void addFleet(X509Certificate fleet, List<X509Certificate> present, long unixMillis) {
        putFirst(fleet, present, Integer.MAX_VALUE, FLEETS, unixMillis);
    }

    /** Nothing but the first of them counts from now on. */
    void keepNewest(String file, List<X509Certificate> present, long unixMillis) {
        if (present.size() > 1) {
            replace(file, List.of(present.getFirst()), unixMillis);
        }
    }

    private void putFirst(
            X509Certificate first, List<X509Certificate> present, int most, String file, long unixMillis) {
        if (present.contains(first)) {
            return;
        }
        List<X509Certificate> all = new ArrayList<>(List.of(first));
        all.addAll(present);
        replace(file, all.subList(0, Math.min(most, all.size())), unixMillis);
    }

    void replace(String file, List<X509Certificate> certificates, long unixMillis) {
        files.discard(file + KeyFolder.NEXT);
        files.save(certificates, file + KeyFolder.NEXT);
        files.replaceWithNext(file, unixMillis);
    }
}
