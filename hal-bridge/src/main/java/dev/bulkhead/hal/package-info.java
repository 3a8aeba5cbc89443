/**
 * The hardware wall: everything an app can sense or move passes through the rooms below. This one holds only the root of their
 * exceptions. The rooms enforce the contracts they are given and decide nothing about who may; that is {@code security.policy}.
 */
@NullMarked
package dev.bulkhead.hal;

import org.jspecify.annotations.NullMarked;
