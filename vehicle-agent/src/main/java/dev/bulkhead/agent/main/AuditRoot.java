package dev.bulkhead.agent.main;

import dev.bulkhead.security.audit.AuditLog;
import dev.bulkhead.security.audit.LogReader;

/** The root hash over everything appended to the log so far. */
final class AuditRoot {
    private AuditRoot() {}

    static String of(AuditLog log) {
        log.commit();
        try (LogReader reader = log.reader()) {
            return reader.tree(reader.size()).root().toString();
        }
    }
}
