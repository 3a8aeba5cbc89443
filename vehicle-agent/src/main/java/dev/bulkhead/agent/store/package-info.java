/**
 * The agent's memory across power cuts: one SQLite file for desired and actual state, releases and key-value data, and
 * a folder of content-addressed blobs. Every write is atomic and survives kill -9. Decides nothing; no app code and no
 * network enters.
 */
@NullMarked
package dev.bulkhead.agent.store;

import org.jspecify.annotations.NullMarked;
