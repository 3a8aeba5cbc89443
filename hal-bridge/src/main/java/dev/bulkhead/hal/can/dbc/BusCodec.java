package dev.bulkhead.hal.can.dbc;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The codecs of all messages of one bus, by identifier. Immutable, thread-safe. */
public final class BusCodec {
    private final DbcDatabase database;
    private final Map<Integer, MessageCodec> byId = new HashMap<>();
    private final Map<String, MessageCodec> byName = new HashMap<>();

    public BusCodec(DbcDatabase database) {
        this.database = database;
        for (DbcMessage message : database.messages()) {
            MessageCodec codec = new MessageCodec(message);
            byName.putIfAbsent(message.name(), codec);
            if (!message.independent()) {
                byId.putIfAbsent(message.idWord(), codec);
            }
        }
    }

    public DbcDatabase database() {
        return database;
    }

    /** The codec for frames with this identifier word. */
    public Optional<MessageCodec> find(int idWord) {
        return Optional.ofNullable(byId.get(idWord));
    }

    public Optional<MessageCodec> find(String messageName) {
        return Optional.ofNullable(byName.get(messageName));
    }
}
