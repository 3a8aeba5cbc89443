/**
 * Keys and certificates: signers, public keys the TUF way, the OEM root and what it issues, TLS identities, and the
 * folder they lie in. Any room above may enter. Nothing here knows packages or trust metadata, and only
 * {@code KeyDirectory} and the file readers touch the disk.
 */
@NullMarked
package dev.bulkhead.security.keys;

import org.jspecify.annotations.NullMarked;
