/** Reading JSON text strictly and within bounds. Stateless; any room may enter. */
@NullMarked
package dev.bulkhead.contract.json;

import org.jspecify.annotations.NullMarked;
