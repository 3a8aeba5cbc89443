package dev.bulkhead.hal.databroker;

import dev.bulkhead.hal.databroker.proto.v1.Actuator;
import dev.bulkhead.hal.databroker.proto.v1.Attribute;
import dev.bulkhead.hal.databroker.proto.v1.DataType;
import dev.bulkhead.hal.databroker.proto.v1.EntryType;
import dev.bulkhead.hal.databroker.proto.v1.Metadata;
import dev.bulkhead.hal.databroker.proto.v1.Sensor;
import dev.bulkhead.hal.databroker.proto.v1.ValueRestriction;
import dev.bulkhead.hal.databroker.proto.v1.ValueRestrictionFloat;
import dev.bulkhead.hal.databroker.proto.v1.ValueRestrictionInt;
import dev.bulkhead.hal.databroker.proto.v1.ValueRestrictionString;
import dev.bulkhead.hal.databroker.proto.v1.ValueRestrictionUint;
import dev.bulkhead.hal.signal.Datatype;
import dev.bulkhead.hal.signal.SignalLeaf;

/** Leaves as the older API describes them. */
final class MetadataV1 {
    private MetadataV1() {}

    static Metadata of(SignalLeaf leaf) {
        Metadata.Builder metadata = Metadata.newBuilder()
                .setDataType(DataType.forNumber(ProtoValues.dataType(leaf.type())))
                .setDescription(leaf.description());
        kind(leaf, metadata);
        if (!leaf.unit().isEmpty()) {
            metadata.setUnit(leaf.unit());
        }
        if (leaf.min().isPresent() || leaf.max().isPresent() || !leaf.allowed().isEmpty()) {
            metadata.setValueRestriction(restriction(leaf));
        }
        return metadata.build();
    }

    private static void kind(SignalLeaf leaf, Metadata.Builder metadata) {
        switch (leaf.kind()) {
            case SENSOR -> metadata.setEntryType(EntryType.ENTRY_TYPE_SENSOR).setSensor(Sensor.getDefaultInstance());
            case ACTUATOR ->
                metadata.setEntryType(EntryType.ENTRY_TYPE_ACTUATOR).setActuator(Actuator.getDefaultInstance());
            case ATTRIBUTE ->
                metadata.setEntryType(EntryType.ENTRY_TYPE_ATTRIBUTE).setAttribute(Attribute.getDefaultInstance());
        }
    }

    private static ValueRestriction restriction(SignalLeaf leaf) {
        ValueRestriction.Builder restriction = ValueRestriction.newBuilder();
        Datatype type = leaf.type().element();
        if (type == Datatype.STRING) {
            restriction.setString(ValueRestrictionString.newBuilder().addAllAllowedValues(leaf.allowed()));
        } else if (type.isReal()) {
            ValueRestrictionFloat.Builder limits = ValueRestrictionFloat.newBuilder();
            leaf.min().ifPresent(limits::setMin);
            leaf.max().ifPresent(limits::setMax);
            restriction.setFloatingPoint(limits);
        } else if (isUnsigned(type)) {
            ValueRestrictionUint.Builder limits = ValueRestrictionUint.newBuilder();
            leaf.min().ifPresent(min -> limits.setMin((long) Math.max(0, min)));
            leaf.max().ifPresent(max -> limits.setMax((long) Math.max(0, max)));
            restriction.setUnsigned(limits);
        } else {
            ValueRestrictionInt.Builder limits = ValueRestrictionInt.newBuilder();
            leaf.min().ifPresent(min -> limits.setMin((long) min));
            leaf.max().ifPresent(max -> limits.setMax((long) max));
            restriction.setSigned(limits);
        }
        return restriction.build();
    }

    private static boolean isUnsigned(Datatype type) {
        return type == Datatype.UINT8 || type == Datatype.UINT16 || type == Datatype.UINT32 || type == Datatype.UINT64;
    }
}
