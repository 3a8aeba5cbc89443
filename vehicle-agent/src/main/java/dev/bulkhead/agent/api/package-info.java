/**
 * The local operator's door: gRPC on loopback behind a token file. Translates between messages and the lifecycle room;
 * it holds no state of its own and never touches an app or a device directly.
 */
@NullMarked
package dev.bulkhead.agent.api;

import org.jspecify.annotations.NullMarked;
