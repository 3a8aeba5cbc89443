/**
 * The one table of what an app may import (abi.md, version 1), with status codes, event kinds and every byte layout that
 * crosses the wall. Guest headers, the admission check, the host linker and the reference page are made from it or
 * tested against it. Data only; any room may enter.
 */
@NullMarked
package dev.bulkhead.contract.abi;

import org.jspecify.annotations.NullMarked;
