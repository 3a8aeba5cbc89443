/**
 * socketcand, CAN over TCP: a server that lends out our buses to tools such as python-can, and a client that takes a bus from another
 * machine. Peers are not trusted: messages, clients and queues are bounded, and who does not speak the protocol is cut off.
 */
@NullMarked
package dev.bulkhead.hal.driver.socketcand;

import org.jspecify.annotations.NullMarked;
