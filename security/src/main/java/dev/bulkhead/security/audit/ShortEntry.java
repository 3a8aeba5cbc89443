package dev.bulkhead.security.audit;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.bulkhead.contract.notation.Quote;
import dev.bulkhead.contract.proto.AuditEntry;
import java.util.List;

/**
 * Makes entries short enough for the log. What an app did must be told even where its own words would fill the entry: texts and lists are cut, more and
 * more until it fits, and the entry says how many bytes were left out. Pure functions.
 */
final class ShortEntry {
    /** Characters of each text and elements of each list. */
    private record Most(int text, int list) {}

    /** Try by try; a manifest's 256 requests stay whole in number as long as can be. */
    private static final List<Most> TRIES = List.of(
            new Most(4_096, 4_096),
            new Most(512, 512),
            new Most(128, 256),
            new Most(48, 256),
            new Most(16, 256),
            new Most(8, 8));

    private ShortEntry() {}

    /** The entry itself if it fits. */
    static AuditEntry of(AuditEntry entry) {
        int bytes = entry.getSerializedSize();
        AuditEntry cut = entry;
        for (int i = 0; cut.getSerializedSize() > EntryChunk.MAX_ENTRY && i < TRIES.size(); i++) {
            AuditEntry.Builder shorter = entry.toBuilder();
            shorten(shorter, TRIES.get(i));
            cut = shorter.setOmittedBytes(bytes - shorter.build().getSerializedSize())
                    .build();
        }
        return cut;
    }

    private static void shorten(Message.Builder message, Most most) {
        for (FieldDescriptor field : message.getAllFields().keySet()) {
            if (field.isRepeated()) {
                List<?> all = (List<?>) message.getField(field);
                message.setField(
                        field,
                        all.stream()
                                .limit(most.list())
                                .map(each -> shorter(each, most))
                                .toList());
            } else {
                message.setField(field, shorter(message.getField(field), most));
            }
        }
    }

    private static Object shorter(Object value, Most most) {
        return switch (value) {
            case String text -> Quote.of(text, most.text());
            case Message message -> {
                Message.Builder shorter = message.toBuilder();
                shorten(shorter, most);
                yield shorter.build();
            }
            default -> value;
        };
    }
}
