/**
 * What the vehicle knows: the tree of VSS leaves and one typed, timestamped value for each. Drivers and the databroker publish,
 * the app host and the databroker read and subscribe. Who may do so is decided before anyone enters here.
 */
@NullMarked
package dev.bulkhead.hal.signal;

import org.jspecify.annotations.NullMarked;
