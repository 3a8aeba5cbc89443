/**
 * CAN: frames classic and FD, buses and the ports programs hold on them, candump logs. A bus checks frames for form and bounds its
 * queues; whether an app may send an id is decided by the host before the frame comes here.
 */
@NullMarked
package dev.bulkhead.hal.can;

import org.jspecify.annotations.NullMarked;
