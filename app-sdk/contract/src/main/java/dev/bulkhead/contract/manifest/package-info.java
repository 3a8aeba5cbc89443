/**
 * {@code app.toml}, read strictly (package.md): unknown keys, wrong units and values out of range are errors with file,
 * line and the nearest known word, all of them at once. Pure; any room may enter.
 */
@NullMarked
package dev.bulkhead.contract.manifest;

import org.jspecify.annotations.NullMarked;
