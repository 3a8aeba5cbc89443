/**
 * Reading TOML strictly: each value is asked for by name, type and meaning; what was not asked for is an unknown key; all
 * mistakes are collected with their line and column. Any room may enter.
 */
@NullMarked
package dev.bulkhead.contract.toml;

import org.jspecify.annotations.NullMarked;
