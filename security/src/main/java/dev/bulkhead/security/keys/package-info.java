/**
 * Keys and certificates: the OEM root, vendors, vehicles, servers. Any room above may enter.
 */
@NullMarked
package dev.bulkhead.security.keys;

import org.jspecify.annotations.NullMarked;
