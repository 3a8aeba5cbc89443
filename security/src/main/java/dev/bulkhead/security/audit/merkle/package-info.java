/**
 * RFC 6962 Merkle trees, pure: hashes, roots, tiles, inclusion and consistency proofs. No disk, no keys, no clock.
 *
 * <p>The audit log stands on it, and so does whoever needs a Merkle root over blocks. Nothing of ours may be imported
 * here.
 */
@NullMarked
package dev.bulkhead.security.audit.merkle;

import org.jspecify.annotations.NullMarked;
