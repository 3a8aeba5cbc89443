/**
 * The app package (package.md, version 1): an OCI image layout in one tar file. Written the same from the same inputs,
 * read with every size, name, digest and media type checked. Bytes in, bytes out; who signed them is decided in
 * {@code security.signing}.
 */
@NullMarked
package dev.bulkhead.contract.pack;

import org.jspecify.annotations.NullMarked;
