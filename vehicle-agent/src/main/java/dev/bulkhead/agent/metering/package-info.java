/**
 * What an instruction costs and who pays: the pure cost model that compiled code charges by, and the CPU account that turns fuel into
 * time. Pure but for the clocks passed in; knows nothing of apps, hosts or the engine's classes.
 */
@NullMarked
package dev.bulkhead.agent.metering;

import org.jspecify.annotations.NullMarked;
