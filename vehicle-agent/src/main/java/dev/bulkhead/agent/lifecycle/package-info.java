/**
 * What should run, what does run, and the way from one to the other. A pure supervisor (state and event give state and
 * actions) sits in the middle; a thin shell makes each step durable and then carries its actions out on one control strand.
 * The shell's only door is {@link dev.bulkhead.agent.lifecycle.Orchestrator}. Updates come in through
 * {@link dev.bulkhead.agent.lifecycle.PackageInstaller} and nowhere else. Wall clocks, threads and sockets must not
 * enter: time, strands and disk are handed in.
 */
@NullMarked
package dev.bulkhead.agent.lifecycle;

import org.jspecify.annotations.NullMarked;
