/**
 * An existing databroker ({@code kuksa.val.v2}) as a neighbour: signals taken from it, commands sent to it, and, as one of its providers, our
 * signals given to it and its commands taken in. The peer is not trusted: what it sends is held against our own tree and policy, everything
 * is bounded, and a connection that breaks is made anew.
 */
@NullMarked
package dev.bulkhead.hal.driver.databroker;

import org.jspecify.annotations.NullMarked;
