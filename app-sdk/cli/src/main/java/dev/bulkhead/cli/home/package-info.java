/** Where the command keeps its files: one folder for keys, server, vehicles; and the secrets it asks for. */
@NullMarked
package dev.bulkhead.cli.home;

import org.jspecify.annotations.NullMarked;
