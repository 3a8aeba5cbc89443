package dev.bulkhead.hal.databroker;

import dev.bulkhead.contract.capability.SignalGlob;
import dev.bulkhead.hal.databroker.proto.v2.DataType;
import dev.bulkhead.hal.databroker.proto.v2.EntryType;
import dev.bulkhead.hal.databroker.proto.v2.Metadata;
import dev.bulkhead.hal.databroker.proto.v2.StringArray;
import dev.bulkhead.hal.databroker.proto.v2.Value;
import dev.bulkhead.hal.signal.Datatype;
import dev.bulkhead.hal.signal.SignalLeaf;
import dev.bulkhead.hal.signal.SignalTree;
import io.grpc.Status;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Leaves as the API describes them. */
final class MetadataV2 {
    private MetadataV2() {}

    /** The leaves below a branch, one leaf, or those a pattern fits. */
    static List<SignalLeaf> under(SignalTree tree, String root) {
        if (root.length() > Broker.MAX_PATH) {
            throw Broker.error(Status.INVALID_ARGUMENT, "a path has at most " + Broker.MAX_PATH + " characters");
        }
        String pattern = root.isEmpty() ? "**" : tree.isBranch(root) ? root + ".**" : root;
        try {
            SignalGlob glob = new SignalGlob(pattern);
            List<SignalLeaf> found = tree.matching(glob::matches);
            if (found.isEmpty()) {
                throw Broker.error(Status.NOT_FOUND, "no signal " + root);
            }
            return found;
        } catch (IllegalArgumentException e) {
            throw Broker.error(Status.INVALID_ARGUMENT, String.valueOf(e.getMessage()));
        }
    }

    static Metadata of(SignalLeaf leaf) {
        Metadata.Builder metadata = Metadata.newBuilder()
                .setPath(leaf.path())
                .setId(leaf.id())
                .setDataType(DataType.forNumber(ProtoValues.dataType(leaf.type())))
                .setEntryType(entryType(leaf))
                .setDescription(leaf.description())
                .setUnit(leaf.unit());
        limit(leaf, leaf.min()).ifPresent(metadata::setMin);
        limit(leaf, leaf.max()).ifPresent(metadata::setMax);
        if (!leaf.allowed().isEmpty() && leaf.type().element() == Datatype.STRING) {
            metadata.setAllowedValues(
                    Value.newBuilder().setStringArray(StringArray.newBuilder().addAllValues(leaf.allowed())));
        }
        return metadata.build();
    }

    private static Optional<Value> limit(SignalLeaf leaf, OptionalDouble limit) {
        Datatype type = leaf.type().element();
        if (limit.isEmpty() || !type.isScalar() || !type.holds(limit.getAsDouble())) {
            return Optional.empty();
        }
        return Optional.of(ProtoValues.scalar(type, type.fromDouble(limit.getAsDouble())));
    }

    private static EntryType entryType(SignalLeaf leaf) {
        return switch (leaf.kind()) {
            case SENSOR -> EntryType.ENTRY_TYPE_SENSOR;
            case ACTUATOR -> EntryType.ENTRY_TYPE_ACTUATOR;
            case ATTRIBUTE -> EntryType.ENTRY_TYPE_ATTRIBUTE;
        };
    }
}
