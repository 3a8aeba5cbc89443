/**
 * What a package is made of and how: read from what its developer declares ({@code supply.toml}) and from the module
 * itself, written as a CycloneDX 1.6 bill of materials and as an in-toto statement with SLSA provenance. The same inputs
 * give the same bytes: nothing here knows the time. Says what was declared, vouches for none of it; who signed a package
 * is decided in {@code security.signing}.
 */
@NullMarked
package dev.bulkhead.contract.supply;

import org.jspecify.annotations.NullMarked;
