/**
 * Doors for tools that already exist: a socketcand and a databroker on loopback. Visitors are decided by the vehicle's policy and written
 * into the audit log as apps are; only a virtual vehicle on a developer's machine lets everybody do everything. No app comes in here.
 */
@NullMarked
package dev.bulkhead.agent.tools;

import org.jspecify.annotations.NullMarked;
