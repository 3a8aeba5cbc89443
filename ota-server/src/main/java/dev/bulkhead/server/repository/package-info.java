/**
 * What exists and what each vehicle should run: packages taken in and verified, blobs handed out block by block, and the
 * signed metadata of the image and the director repository.
 *
 * <p>Vendors sign what they publish themselves; this side verifies and never holds a vendor's key. It holds the online keys
 * (snapshot, timestamp, director) and, where the operator keeps them here, the image targets key. No MQTT and no HTTP here.
 */
@NullMarked
package dev.bulkhead.server.repository;

import org.jspecify.annotations.NullMarked;
