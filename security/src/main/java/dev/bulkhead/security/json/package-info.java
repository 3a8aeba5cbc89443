/**
 * Strict JSON and its canonical form, for bytes that get hashed and signed. Reads integers only, refuses duplicate
 * keys, lone surrogates, trailing bytes and deep nesting. Any room of this module and above may enter; nothing here
 * knows what the documents mean.
 */
@NullMarked
package dev.bulkhead.security.json;

import org.jspecify.annotations.NullMarked;
