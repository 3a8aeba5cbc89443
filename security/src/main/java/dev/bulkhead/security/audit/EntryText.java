package dev.bulkhead.security.audit;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.bulkhead.contract.proto.AuditEntry;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** An entry of the log for people and for programs. Digests become hexadecimal. */
public final class EntryText {
    private EntryText() {}

    /** Index, time, kind and every field that is set, to be written as JSON. */
    public static Map<String, Object> document(long index, AuditEntry entry) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("index", index);
        document.put("time", time(entry.getUnixMs()));
        document.put("kind", kind(entry));
        document.putAll(fields(entry));
        return document;
    }

    /** The kind of event in one word, {@code failsafe-applied}. */
    public static String kind(AuditEntry entry) {
        return kind(entry.getEventCase());
    }

    /** The word for that kind of event. */
    public static String kind(AuditEntry.EventCase event) {
        return event.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The event's fields in one line. */
    public static String line(AuditEntry entry) {
        StringBuilder line = new StringBuilder();
        entry.getAllFields().forEach((field, value) -> {
            if (value instanceof Message event) {
                event.getAllFields()
                        .forEach((name, part) -> line.append(line.isEmpty() ? "" : ", ")
                                .append(name.getName())
                                .append(' ')
                                .append(brief(plain(part))));
            }
        });
        return line.toString();
    }

    /** ISO 8601 in UTC, to the second. */
    public static String time(long unixMillis) {
        return Instant.ofEpochMilli(unixMillis).truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static String brief(Object value) {
        return value instanceof List<?> list && list.size() > 3 ? list.size() + " of them" : String.valueOf(value);
    }

    private static Map<String, Object> fields(Message message) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
            fields.put(field.getKey().getJsonName(), plain(field.getValue()));
        }
        return fields;
    }

    private static Object plain(Object value) {
        return switch (value) {
            case Message message -> fields(message);
            case List<?> list -> list.stream().map(EntryText::plain).toList();
            case ByteString bytes -> HexFormat.of().formatHex(bytes.toByteArray());
            case EnumValueDescriptor constant -> constant.getName().toLowerCase(Locale.ROOT);
            default -> value;
        };
    }
}
