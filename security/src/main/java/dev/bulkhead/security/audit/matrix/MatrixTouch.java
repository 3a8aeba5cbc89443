package dev.bulkhead.security.audit.matrix;

import dev.bulkhead.security.audit.Tally;
import dev.bulkhead.security.audit.Touch;

/**
 * One way something was touched, below a row.
 *
 * @param access exact capability line
 * @param rule the rule, status or action; empty for plain use
 */
public record MatrixTouch(Touch.Kind kind, String access, String rule, Tally tally) {}
