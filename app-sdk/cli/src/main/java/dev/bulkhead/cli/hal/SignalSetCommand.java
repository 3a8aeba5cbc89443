package dev.bulkhead.cli.hal;

import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.cli.output.Output;
import dev.bulkhead.hal.databroker.proto.v2.ActuateRequest;
import dev.bulkhead.hal.databroker.proto.v2.Datapoint;
import dev.bulkhead.hal.databroker.proto.v2.EntryType;
import dev.bulkhead.hal.databroker.proto.v2.ListMetadataRequest;
import dev.bulkhead.hal.databroker.proto.v2.Metadata;
import dev.bulkhead.hal.databroker.proto.v2.PublishValueRequest;
import dev.bulkhead.hal.databroker.proto.v2.SignalID;
import dev.bulkhead.hal.databroker.proto.v2.Value;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bulkhead signal set}: actuates, or publishes as a sensor would. */
@Command(
        name = "set",
        mixinStandardHelpOptions = true,
        description = "Command an actuator; with --publish, tell a value as its sensor would.",
        footer = {"", "Examples:", "  bulkhead signal set Vehicle.Cabin.HVAC.Station.Row1.Driver.FanSpeed 40"})
public final class SignalSetCommand implements Runnable {
    @Mixin
    private Output output;

    @Mixin
    private BrokerLink broker;

    @Parameters(index = "0", paramLabel = "PATH", description = "A VSS path.")
    private String path;

    @Parameters(index = "1", paramLabel = "VALUE", description = "A number, true or false, or a text.")
    private String text;

    @Option(
            names = "--publish",
            description = "Publish instead of commanding; the only way for sensors and attributes.")
    private boolean publish;

    @Override
    public void run() {
        Metadata leaf = broker.call(stub -> stub.listMetadata(
                        ListMetadataRequest.newBuilder().setRoot(path).build()))
                .getMetadata(0);
        SignalID id = SignalID.newBuilder().setPath(path).build();
        Value value = value(leaf);
        if (!publish && leaf.getEntryType() != EntryType.ENTRY_TYPE_ACTUATOR) {
            throw CommandFailure.usage(path + " is no actuator", "--publish tells a value as its sensor would");
        }
        if (publish) {
            broker.call(stub -> stub.publishValue(PublishValueRequest.newBuilder()
                    .setSignalId(id)
                    .setDataPoint(Datapoint.newBuilder().setValue(value))
                    .build()));
        } else {
            broker.call(stub -> stub.actuate(
                    ActuateRequest.newBuilder().setSignalId(id).setValue(value).build()));
        }
        if (output.isJson()) {
            output.json(Map.of("path", path, "value", text, "published", publish));
        }
    }

    private Value value(Metadata leaf) {
        Value.Builder value = Value.newBuilder();
        try {
            return switch (leaf.getDataType()) {
                case DATA_TYPE_STRING -> value.setString(text).build();
                case DATA_TYPE_BOOLEAN -> value.setBool(bool()).build();
                case DATA_TYPE_INT8, DATA_TYPE_INT16, DATA_TYPE_INT32 ->
                    value.setInt32(Integer.parseInt(text)).build();
                case DATA_TYPE_INT64 -> value.setInt64(Long.parseLong(text)).build();
                case DATA_TYPE_UINT8, DATA_TYPE_UINT16, DATA_TYPE_UINT32 ->
                    value.setUint32(Integer.parseUnsignedInt(text)).build();
                case DATA_TYPE_UINT64 ->
                    value.setUint64(Long.parseUnsignedLong(text)).build();
                case DATA_TYPE_FLOAT -> value.setFloat(Float.parseFloat(text)).build();
                case DATA_TYPE_DOUBLE ->
                    value.setDouble(Double.parseDouble(text)).build();
                default -> throw CommandFailure.usage(path + " is an array; set it by a gRPC client", "");
            };
        } catch (NumberFormatException e) {
            throw wrong(leaf);
        }
    }

    private boolean bool() {
        return switch (text) {
            case "true", "on", "1" -> true;
            case "false", "off", "0" -> false;
            default -> throw new NumberFormatException(text);
        };
    }

    private CommandFailure wrong(Metadata leaf) {
        return CommandFailure.usage("'" + text + "' is no value of " + path + ", a " + leaf.getDataType(), "");
    }
}
