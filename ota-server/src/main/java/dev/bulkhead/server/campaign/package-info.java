/**
 * Who should run what, and where each vehicle stands: assignments now, groups and thresholds on top of the same actions.
 *
 * <p>The rules are pure functions over rows; the shell around them writes and wakes. Enter through
 * {@link dev.bulkhead.server.campaign.Assignments}. What a package is and how metadata is signed is not known here.
 */
@NullMarked
package dev.bulkhead.server.campaign;

import org.jspecify.annotations.NullMarked;
