package dev.bulkhead.hal.can.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bulkhead.hal.can.CanFrame;
import dev.bulkhead.hal.can.dbc.BusCodec;
import dev.bulkhead.hal.can.dbc.DbcMessage;
import dev.bulkhead.hal.can.dbc.DbcSignal;
import dev.bulkhead.hal.signal.LeafKind;
import dev.bulkhead.hal.signal.SignalLeaf;
import dev.bulkhead.hal.signal.SignalTree;
import dev.bulkhead.hal.signal.VssDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How the frames of one bus and the signals of one tree belong together, read from a VSS JSON file in the Kuksa mapping format with the
 * optional key {@code message}. Immutable.
 */
public final class VehicleMapping {
    private static final long DEFAULT_INTERVAL_MILLIS = 1_000;
    private static final long MAX_INTERVAL_MILLIS = 86_400_000;

    private final BusCodec codec;
    private final List<FromBus> fromBus = new ArrayList<>();
    private final List<ToBus> toBus = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    private VehicleMapping(BusCodec codec) {
        this.codec = codec;
    }

    /**
     * Reads every {@code dbc2vss} (or {@code dbc}) and {@code vss2dbc} of the document. A DBC signal that the bus does not know is a
     * warning: one mapping file serves several buses.
     *
     * @throws MappingException when a mapping is malformed
     */
    public static VehicleMapping read(VssDocument document, SignalTree tree, BusCodec codec) {
        VehicleMapping mapping = new VehicleMapping(codec);
        document.walk((path, node) -> tree.find(path).ifPresent(leaf -> mapping.add(leaf, node)));
        return mapping;
    }

    private void add(SignalLeaf leaf, ObjectNode node) {
        JsonNode from = node.has("dbc2vss") ? node.get("dbc2vss") : node.path("dbc");
        if (!from.isMissingNode()) {
            target(leaf, from).ifPresent(found -> fromBus.add(fromBus(leaf, from, found)));
        }
        JsonNode to = node.path("vss2dbc");
        if (!to.isMissingNode()) {
            Transform transform = Transform.read(leaf.path(), to.path("transform"));
            target(leaf, to).ifPresent(found -> toBus.add(new ToBus(leaf, found.idWord(), found.signal(), transform)));
        }
    }

    private static FromBus fromBus(SignalLeaf leaf, JsonNode json, Target target) {
        boolean onChange = flag(leaf.path(), json.path("on_change"));
        long millis = json.path("interval_ms").asLong(onChange ? 0 : DEFAULT_INTERVAL_MILLIS);
        if (millis < 0 || millis > MAX_INTERVAL_MILLIS) {
            throw new MappingException(
                    leaf.path(), "interval_ms must be 0.." + MAX_INTERVAL_MILLIS + ", not " + millis);
        }
        Transform transform = Transform.read(leaf.path(), json.path("transform"));
        return new FromBus(leaf, target.idWord(), target.signal(), millis * 1_000_000, onChange, transform);
    }

    /** Kuksa writes {@code "yes"}, {@code "on"} and true. */
    private static boolean flag(String path, JsonNode json) {
        if (json.isMissingNode() || json.isBoolean()) {
            return json.asBoolean(false);
        }
        return switch (json.asText()) {
            case "yes", "on", "true" -> true;
            case "no", "off", "false" -> false;
            default -> throw new MappingException(path, "on_change must be true or false, not " + json);
        };
    }

    private record Target(int idWord, int signal) {}

    private Optional<Target> target(SignalLeaf leaf, JsonNode json) {
        String signal = json.path("signal").asText("");
        if (signal.isEmpty()) {
            throw new MappingException(leaf.path(), "'signal' with the name of a DBC signal is missing");
        }
        String message = json.path("message").asText("");
        List<Target> found = new ArrayList<>();
        for (DbcMessage candidate : codec.database().messages()) {
            if (!candidate.independent()
                    && (message.isEmpty() || candidate.name().equals(message))) {
                indexOf(candidate, signal).ifPresent(index -> found.add(new Target(candidate.idWord(), index)));
            }
        }
        if (found.isEmpty()) {
            String name = message.isEmpty() ? signal : message + "." + signal;
            warnings.add(leaf.path() + ": the DBC has no signal " + name + "; not mapped");
        } else if (found.size() > 1) {
            warnings.add(leaf.path() + ": " + found.size() + " messages have a signal " + signal
                    + "; the first is taken, add \"message\"");
        }
        return found.stream().findFirst();
    }

    private static Optional<Integer> indexOf(DbcMessage message, String signal) {
        List<DbcSignal> signals = message.signals();
        for (int i = 0; i < signals.size(); i++) {
            if (signals.get(i).name().equals(signal)) {
                return Optional.of(i);
            }
        }
        return Optional.empty();
    }

    public BusCodec codec() {
        return codec;
    }

    /** What could not be mapped. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** How many leaves frames feed. */
    public int fromBusCount() {
        return fromBus.size();
    }

    /** How many leaves set bits of frames. */
    public int toBusCount() {
        return toBus.size();
    }

    /**
     * Whether frames with this identifier set an actuator: who may send them raw goes round its contract (capabilities.md, "Built-in
     * guards").
     */
    public boolean carriesActuator(int id, boolean extended) {
        int idWord = extended ? id | CanFrame.EXTENDED : id;
        return toBus.stream().anyMatch(to -> to.idWord() == idWord && to.leaf().kind() == LeafKind.ACTUATOR);
    }

    List<FromBus> fromBus() {
        return fromBus;
    }

    List<ToBus> toBus() {
        return toBus;
    }
}
