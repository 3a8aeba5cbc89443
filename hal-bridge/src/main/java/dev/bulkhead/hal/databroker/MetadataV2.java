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
                .setDataType(DataType.forNumber(dataType(leaf.type())))
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

    /** The number of a datatype, the same in both versions of the API. */
    static int dataType(Datatype type) {
        int element = switch (type.element()) {
            case STRING -> 1;
            case BOOLEAN -> 2;
            case INT8 -> 3;
            case INT16 -> 4;
            case INT32 -> 5;
            case INT64 -> 6;
            case UINT8 -> 7;
            case UINT16 -> 8;
            case UINT32 -> 9;
            case UINT64 -> 10;
            case FLOAT -> 11;
            case DOUBLE -> 12;
            case BOOLEAN_ARRAY,
                    INT8_ARRAY,
                    UINT8_ARRAY,
                    INT16_ARRAY,
                    UINT16_ARRAY,
                    INT32_ARRAY,
                    UINT32_ARRAY,
                    INT64_ARRAY,
                    UINT64_ARRAY,
                    FLOAT_ARRAY,
                    DOUBLE_ARRAY,
                    STRING_ARRAY -> 0;
        };
        return type.isArray() ? element + 19 : element;
    }
}
