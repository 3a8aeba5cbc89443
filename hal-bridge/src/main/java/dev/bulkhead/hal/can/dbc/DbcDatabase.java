package dev.bulkhead.hal.can.dbc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Everything one DBC file says about its bus. Immutable. */
public final class DbcDatabase {
    public static final int MAX_BYTES = 64 << 20;

    private final List<DbcMessage> messages;
    private final List<String> warnings;
    private final Map<Integer, DbcMessage> byId = new HashMap<>();
    private final Map<String, DbcMessage> byName = new HashMap<>();

    DbcDatabase(List<DbcMessage> messages, List<String> warnings) {
        this.messages = List.copyOf(messages);
        this.warnings = List.copyOf(warnings);
        for (DbcMessage message : messages) {
            byName.putIfAbsent(message.name(), message);
            if (!message.independent()) {
                byId.putIfAbsent(message.idWord(), message);
            }
        }
    }

    /**
     * Reads a file.
     *
     * @throws DbcException when it is no DBC
     */
    public static DbcDatabase read(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new DbcException(file + " is larger than " + MAX_BYTES + " bytes");
            }
            return parse(file.toString(), Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Parses the bytes of a file, UTF-8 or else cp1252.
     *
     * @param source what to call it in errors
     * @throws DbcException when it is no DBC
     */
    public static DbcDatabase parse(String source, byte[] bytes) {
        if (bytes.length > MAX_BYTES) {
            throw new DbcException(source + " is larger than " + MAX_BYTES + " bytes");
        }
        return new DbcParser(source, DbcText.decode(bytes)).parse();
    }

    /** All messages, in the order of the file. */
    public List<DbcMessage> messages() {
        return messages;
    }

    /** What was odd, each with its line; nothing of it keeps the rest from being used. */
    public List<String> warnings() {
        return warnings;
    }

    /** The message with this identifier word (flag for extended ones included). */
    public Optional<DbcMessage> message(int idWord) {
        return Optional.ofNullable(byId.get(idWord));
    }

    public Optional<DbcMessage> message(String name) {
        return Optional.ofNullable(byName.get(name));
    }
}
