package dev.bulkhead.hal.databroker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import java.util.Collection;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The numbers on the wire are not ours to choose: a client built from Eclipse Kuksa's own files must understand them. */
class WireFormatTest {
    @ParameterizedTest
    @CsvSource({
        "v1.EntryUpdate, entry=1 fields=2",
        "v1.SetRequest, updates=1",
        "v1.SubscribeResponse, updates=1",
        "v1.StreamedUpdateRequest, updates=1",
        "v1.StreamedUpdateResponse, error=1 errors=2",
        "v1.EntryRequest, path=1 view=2 fields=3",
        "v1.GetResponse, entries=1 errors=2 error=3",
        "v1.DataEntry, path=1 value=2 actuator_target=3 metadata=10",
        "v1.Metadata, data_type=11 entry_type=12 description=13 comment=14 deprecation=15 unit=16 value_restriction=17"
                + " actuator=20 sensor=30 attribute=40",
        "v1.ValueRestriction, string=21 signed=22 unsigned=23 floating_point=24",
        "v2.SignalID, id=1 path=2",
        "v2.Datapoint, timestamp=1 value=2",
        "v2.Metadata, path=9 id=10 data_type=11 entry_type=12 description=13 comment=14 deprecation=15 unit=16"
                + " allowed_values=17 min=18 max=19 min_sample_interval=20",
        "v2.Filter, duration_ms=1 min_sample_interval=2",
        "v2.PublishValuesRequest, request_id=1 data_points=2",
        "v2.PublishValuesResponse, request_id=1 status=2",
        "v2.ProvideSignalRequest, signals_sample_intervals=1",
        "v2.UpdateFilterRequest, request_id=1 filters_update=2",
        "v2.UpdateFilterResponse, request_id=1 filter_error=2",
        "v2.GetProviderValueRequest, request_id=1 signal_ids=2",
        "v2.GetProviderValueResponse, request_id=1 entries=2",
        "v2.BatchActuateStreamResponse, signal_id=1 error=2",
        "v2.OpenProviderStreamRequest, provide_actuation_request=1 publish_values_request=2"
                + " batch_actuate_stream_response=3 provide_signal_request=4 update_filter_response=5"
                + " get_provider_value_response=6 provider_error_indication=7",
        "v2.OpenProviderStreamResponse, provide_actuation_response=1 publish_values_response=2"
                + " batch_actuate_stream_request=3 provide_signal_response=4 update_filter_request=5"
                + " get_provider_value_request=6"
    })
    void messagesHaveTheNumbersOfTheirNames(String message, String numbers) {
        String name = "kuksa.val." + message;
        Descriptor descriptor = Stream.of(
                        dev.bulkhead.hal.databroker.proto.v1.DataEntry.getDescriptor()
                                .getFile(),
                        dev.bulkhead.hal.databroker.proto.v1.GetRequest.getDescriptor()
                                .getFile(),
                        dev.bulkhead.hal.databroker.proto.v2.Value.getDescriptor()
                                .getFile(),
                        dev.bulkhead.hal.databroker.proto.v2.GetValueRequest.getDescriptor()
                                .getFile())
                .map(FileDescriptor::getMessageTypes)
                .flatMap(Collection::stream)
                .filter(type -> type.getFullName().equals(name))
                .findFirst()
                .orElseThrow();
        assertEquals(
                numbers,
                descriptor.getFields().stream()
                        .map(field -> field.getName() + "=" + field.getNumber())
                        .collect(Collectors.joining(" ")));
    }
}
