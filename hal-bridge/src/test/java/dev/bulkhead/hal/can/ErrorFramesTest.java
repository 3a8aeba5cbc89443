package dev.bulkhead.hal.can;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulkhead.hal.can.CanBusStatus.State;
import dev.bulkhead.hal.time.ManualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorFramesTest {
    private final List<String> sent = new ArrayList<>();
    private final LinkedCanBus bus = new LinkedCanBus("can0", false, new ManualTime(), frame -> {
        sent.add(frame.toString());
        return CanSendResult.SENT;
    });

    /** As Linux writes them, see {@code can/error.h}. */
    @ParameterizedTest
    @CsvSource({
        "20000040#0000000000000000, BUS_OFF",
        "20000100#0000000000000000, ACTIVE",
        "20000004#0004000000000000, WARNING",
        "20000004#0008000000000000, WARNING",
        "20000004#0010000000000000, PASSIVE",
        "20000004#0020000000000000, PASSIVE",
        "20000004#002C000000000000, PASSIVE",
        "20000004#0040000000000000, ACTIVE",
        "20000004#0001000000000000, ",
        "20000004#00, ",
        "20000020#0000000000000000, "
    })
    void tellTheStateOfTheController(String frame, State state) {
        CanFrame error = CandumpLine.parse("(1.0) can0 " + frame).frame();
        assertEquals(Optional.ofNullable(state), ErrorFrames.stateOf(error));
    }

    @Test
    void changeTheStateOfTheBusAreCountedAndReachWhoAskedForThem() {
        CanPort app = bus.open(List.of(CanFilter.ANY_DATA), 8, () -> {});
        CanPort watcher = bus.open(List.of(CanFilter.ERRORS), 8, () -> {});
        bus.received(CanFrame.error(0x40, new byte[8]), 5);
        assertEquals(State.BUS_OFF, bus.status().state());
        assertEquals(1, bus.status().errors());
        assertEquals(CanSendResult.BUS_OFF, app.send(CanFrame.standard(1)));
        assertEquals(0, app.receive(8, (frame, at) -> {}));
        assertEquals(1, watcher.receive(8, (frame, at) -> {}));
        bus.received(CanFrame.error(0x100, new byte[8]), 6);
        assertEquals(CanSendResult.SENT, app.send(CanFrame.standard(1)));
        assertEquals(List.of("001#"), sent);
    }
}
