/**
 * Package signatures: DSSE envelopes, who signed, and whether they were allowed to. Whoever packs or installs enters
 * through {@code PackageSigner} and {@code PackageVerifier}. Whether a vehicle should install a package now is not
 * decided here but by trust metadata.
 */
@NullMarked
package dev.bulkhead.security.signing;

import org.jspecify.annotations.NullMarked;
