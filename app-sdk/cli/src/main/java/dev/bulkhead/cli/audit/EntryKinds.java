package dev.bulkhead.cli.audit;

import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.contract.proto.AuditEntry;
import dev.bulkhead.security.audit.EntryText;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/** The kinds of entries a log has, by their words. */
final class EntryKinds implements Iterable<String> {
    private static final List<String> WORDS = Arrays.stream(AuditEntry.EventCase.values())
            .filter(event -> event != AuditEntry.EventCase.EVENT_NOT_SET)
            .map(EntryText::kind)
            .sorted()
            .toList();

    @Override
    public Iterator<String> iterator() {
        return WORDS.iterator();
    }

    static void check(String kind) {
        if (!WORDS.contains(kind)) {
            throw CommandFailure.usage(
                    "no entry is of the kind '" + kind + "'", "--kind with one of " + String.join(", ", WORDS));
        }
    }
}
