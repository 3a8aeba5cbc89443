/**
 * The agent as a service of its machine: tells systemd that it is ready, alive or stopping, watches whether its own threads still
 * turn, and puts a thread that events wait for into the kernel's real-time class, for milliseconds. Wiring and tests enter; it knows no app, no store
 * and no driver.
 */
@NullMarked
package dev.bulkhead.agent.service;

import org.jspecify.annotations.NullMarked;
