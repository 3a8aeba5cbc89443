/**
 * The HTTP side of the fleet server: a REST API on loopback with a bearer token, an OpenAPI document, metrics, a console
 * page, and the client that speaks it.
 *
 * <p>Routes translate between HTTP and the rooms behind them and decide nothing. Every error is a problem document
 * (RFC 9457) that says what to do. Enter through {@link dev.bulkhead.server.web.WebServer} or, from outside,
 * {@link dev.bulkhead.server.web.ServerClient}.
 */
@NullMarked
package dev.bulkhead.server.web;

import org.jspecify.annotations.NullMarked;
