/**
 * Where an agent is put together by hand, from parts given to it: clock, scheduler, strands, drivers, data directory,
 * transport. The real clock and the real threads live here and only here; everything else is told the time.
 */
@NullMarked
package dev.bulkhead.agent.main;

import org.jspecify.annotations.NullMarked;
