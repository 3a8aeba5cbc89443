/**
 * Practice for deeds that are rare and must be quick. A hand-over happens once in weeks, and a JVM interprets what it has hardly ever run: so
 * a made-up app on a made-up vehicle is handed over some hundred times, and now and then restarted, by the real orchestrator, after the start and
 * behind the apps' own work. Nothing here touches the vehicle, its files or its audit log. {@link dev.bulkhead.agent.drill.Drill} is the door, for
 * {@code main} only.
 */
@NullMarked
package dev.bulkhead.agent.drill;

import org.jspecify.annotations.NullMarked;
