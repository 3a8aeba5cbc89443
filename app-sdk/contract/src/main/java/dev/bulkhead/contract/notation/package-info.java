/**
 * The small spellings that manifests, policies and capability lines share: byte sizes, time spans, numbers, and the
 * nearest known word for a typo; and how a stranger's text is quoted in a message. Pure functions; any room may enter.
 */
@NullMarked
package dev.bulkhead.contract.notation;

import org.jspecify.annotations.NullMarked;
