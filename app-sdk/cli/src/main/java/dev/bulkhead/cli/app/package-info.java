/** Commands on an app's files: pack, sign, verify, look inside, run. They need no vehicle and no server. */
@NullMarked
package dev.bulkhead.cli.app;

import org.jspecify.annotations.NullMarked;
