package dev.bulkhead.hal.can.dbc;

import dev.bulkhead.hal.can.CanFrame;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One message.
 *
 * @param id identifier without flags
 * @param length in bytes, 0 to 64
 * @param cycleMillis how often it is sent; empty when only on events
 * @param independent true for the place where files keep signals that belong to no message; never on a bus
 */
public record DbcMessage(
        int id,
        boolean extended,
        String name,
        int length,
        String sender,
        List<DbcSignal> signals,
        OptionalInt cycleMillis,
        String comment,
        boolean independent) {
    public DbcMessage {
        signals = List.copyOf(signals);
    }

    /** The identifier as Linux writes it, with the flag for extended ones. */
    public int idWord() {
        return extended ? id | CanFrame.EXTENDED : id;
    }

    public Optional<DbcSignal> signal(String signalName) {
        return signals.stream()
                .filter(signal -> signal.name().equals(signalName))
                .findFirst();
    }
}
