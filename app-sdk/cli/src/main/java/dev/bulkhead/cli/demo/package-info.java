/**
 * {@code bulkhead demo}: the whole story, told with the commands a person would type, on real parts: a server and an agent
 * in processes of their own, real keys, a real broker, real packages. Nothing here does what a command cannot do.
 */
@NullMarked
package dev.bulkhead.cli.demo;

import org.jspecify.annotations.NullMarked;
