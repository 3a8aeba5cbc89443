/**
 * What should run, what does run, and the way from one to the other. A pure supervisor (state and event give state and
 * actions) sits in the middle; a thin shell carries its actions out on one control strand. Updates come in through
 * {@link dev.bulkhead.agent.lifecycle.PackageInstaller} and nowhere else. Wall clocks, threads and sockets must not
 * enter: time, strands and disk are handed in.
 */
@NullMarked
package dev.bulkhead.agent.lifecycle;

import org.jspecify.annotations.NullMarked;
