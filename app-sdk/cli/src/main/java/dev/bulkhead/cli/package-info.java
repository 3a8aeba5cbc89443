/**
 * The {@code bulkhead} command: one class a command, one room a topic. It sees every room of the house and no room sees
 * it. Commands parse, call and print; what they do is done in the rooms below.
 */
@NullMarked
package dev.bulkhead.cli;

import org.jspecify.annotations.NullMarked;
