package dev.bulkhead.hal.databroker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulkhead.hal.OtherProgram;
import dev.bulkhead.hal.actuation.ActuationRecord;
import dev.bulkhead.hal.actuation.ActuatorBoard;
import dev.bulkhead.hal.signal.DefaultVehicle;
import dev.bulkhead.hal.signal.SignalStore;
import dev.bulkhead.hal.time.ManualTime;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** npm's gRPC client as a stranger at the door. Its modules are found by {@code NODE_PATH}. */
class NodeClientTest {
    @Test
    @Timeout(60)
    void npmsGrpcClientGetsSubscribesActuatesAndProvides() throws Exception {
        OtherProgram.need(
                OtherProgram.run("node", "-e", "require('@grpc/grpc-js');require('@grpc/proto-loader')")
                                .status()
                        == 0,
                "no node with @grpc/grpc-js and @grpc/proto-loader; set NODE_PATH");
        ManualTime time = new ManualTime();
        SignalStore store = new SignalStore(DefaultVehicle.tree(), time, time, 100);
        ActuatorBoard board = new ActuatorBoard(store, time, time, (ActuationRecord event) -> {});
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (DatabrokerServer server = new DatabrokerServer(any, new OpenAccess(), store, board, time, time)) {
            Path script = OtherProgram.resource("kuksa-client.cjs");
            OtherProgram.Result result =
                    OtherProgram.run("node", script.toString(), "src/main/protobuf", "" + server.start());
            assertEquals("ok", result.output());
        }
    }
}
