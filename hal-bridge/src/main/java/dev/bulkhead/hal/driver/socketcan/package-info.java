/**
 * CAN interfaces of the Linux kernel (SocketCAN, raw sockets), called through the foreign function interface. One platform thread a bus;
 * needs {@code --enable-native-access}. Other systems get a {@code DriverException} that says so.
 */
@NullMarked
package dev.bulkhead.hal.driver.socketcan;

import org.jspecify.annotations.NullMarked;
