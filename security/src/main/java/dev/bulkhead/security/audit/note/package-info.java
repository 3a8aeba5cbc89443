/**
 * C2SP signed notes and tlog checkpoints: the signed head of a log as a few lines of text. Pure; keys come in as small
 * interfaces. The audit log enters here, and whoever keeps the checkpoints of others.
 */
@NullMarked
package dev.bulkhead.security.audit.note;

import org.jspecify.annotations.NullMarked;
