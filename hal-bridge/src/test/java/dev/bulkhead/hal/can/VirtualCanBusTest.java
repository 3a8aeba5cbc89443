package dev.bulkhead.hal.can;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.bulkhead.hal.HalException;
import dev.bulkhead.hal.can.CandumpLine.CandumpException;
import dev.bulkhead.hal.time.ManualTime;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VirtualCanBusTest {
    private final ManualTime time = new ManualTime();
    private final VirtualCanBus bus = new VirtualCanBus("can0", false, time);
    private int wakes;

    private CanPort open(CanFilter... filters) {
        return bus.open(List.of(filters), 4, () -> wakes++);
    }

    private static List<String> drain(CanPort port) {
        List<String> frames = new ArrayList<>();
        port.receive(100, (frame, at) -> frames.add(frame.toString()));
        return frames;
    }

    @Test
    void everyOtherPortHearsAFrame() {
        CanPort a = open(CanFilter.ANY_DATA);
        CanPort b = open(CanFilter.ANY_DATA);
        CanPort c = open(CanFilter.ANY_DATA);
        assertEquals(CanSendResult.SENT, a.send(CanFrame.standard(0x123, (byte) 1)));
        assertEquals(List.of(), drain(a));
        assertEquals(List.of("123#01"), drain(b));
        assertEquals(List.of("123#01"), drain(c));
        assertEquals(2, wakes);
    }

    @Test
    void filtersLetInOnlyWhatTheyName() {
        CanPort sender = open();
        CanPort exact = open(CanFilter.exactly(0x123, false));
        sender.send(CanFrame.standard(0x123));
        sender.send(CanFrame.standard(0x124));
        sender.send(CanFrame.extended(0x123));
        assertEquals(List.of("123#"), drain(exact));
        exact.filters(List.of());
        sender.send(CanFrame.standard(0x123));
        assertEquals(List.of(), drain(exact));
    }

    @Test
    void aFullQueueDropsTheOldestAndCounts() {
        CanPort sender = open();
        CanPort slow = open(CanFilter.ANY_DATA);
        for (int i = 0; i < 6; i++) {
            sender.send(CanFrame.standard(i));
        }
        assertEquals(2, slow.dropped());
        assertEquals(2, bus.status().dropped());
        assertEquals(List.of("002#", "003#", "004#", "005#"), drain(slow));
        assertEquals(1, wakes);
    }

    @Test
    void nothingIsSentWhenBusOff() {
        CanPort sender = open();
        CanPort watcher = open(CanFilter.ERRORS);
        bus.force(CanBusStatus.State.BUS_OFF);
        assertEquals(CanSendResult.BUS_OFF, sender.send(CanFrame.standard(1)));
        assertEquals(List.of("20000040#0000000000000000"), drain(watcher));
        bus.force(CanBusStatus.State.ACTIVE);
        assertEquals(CanSendResult.SENT, sender.send(CanFrame.standard(1)));
    }

    @Test
    void aClosedPortSendsNothing() {
        CanPort port = open();
        port.close();
        assertEquals(CanSendResult.NO_DEVICE, port.send(CanFrame.standard(1)));
    }

    @Test
    void aClassicBusCarriesNoFdAndNobodyForgesErrors() {
        CanPort port = open();
        assertEquals(CanSendResult.NOT_CARRIED, port.send(CanFrame.fd(1, false, 0, new byte[12])));
        assertEquals(CanSendResult.NOT_CARRIED, port.send(CanFrame.error(0x40)));
    }

    @Test
    void boundsItsPorts() {
        for (int i = 0; i < VirtualCanBus.MAX_PORTS; i++) {
            open();
        }
        assertThrows(HalException.class, this::open);
    }

    @Test
    void slotsCarryEveryKindOfFrame() {
        ByteBuffer slots = ByteBuffer.allocate(2 * CanSlot.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (CanFrame frame : List.of(
                CanFrame.standard(0x7FF, (byte) 1, (byte) 2),
                CanFrame.extended(0x1FFFFFFF),
                CanFrame.remote(0x12, false, 4),
                CanFrame.error(0x40, new byte[8]),
                CanFrame.fd(0x123, true, CanFrame.FD_BRS, new byte[64]),
                CanFrame.fd(0x123, false, 0))) {
            CanSlot.write(slots, CanSlot.BYTES, frame, 77);
            assertEquals(77, slots.getLong(CanSlot.BYTES));
            assertEquals(frame, CanSlot.read(slots, CanSlot.BYTES));
        }
    }

    @Test
    void aSlotOfAHostileGuestIsRefusedNotFollowed() {
        ByteBuffer slots = ByteBuffer.allocate(CanSlot.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        slots.put(12, (byte) 255);
        assertThrows(CanFrame.CanFormException.class, () -> CanSlot.read(slots, 0));
        slots.put(12, (byte) 9);
        assertThrows(CanFrame.CanFormException.class, () -> CanSlot.read(slots, 0));
        slots.put(12, (byte) 8).putInt(8, 0x800);
        assertThrows(CanFrame.CanFormException.class, () -> CanSlot.read(slots, 0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(1436509052.249713) vcan0 123#DEADBEEF",
                "(1436509052.249713) vcan0 1F334455#1122",
                "(1436509052.249713) vcan0 321#R4",
                "(1436509052.249713) vcan0 321#R",
                "(1436509052.249713) vcan0 123##5112233",
                "(1436509052.249713) vcan0 20000080#0000000000000000",
                "(1436509052.249713) vcan0 00000123#",
                "(0000000000.000001) can0 000#"
            })
    void candumpLinesReadBackAsWritten(String line) {
        if (line.contains("##5")) {
            assertEquals(line.replace("##5", "##1"), CandumpLine.parse(line).toString());
        } else {
            assertEquals(line, CandumpLine.parse(line).toString());
        }
    }

    @Test
    void candumpTakesATrailingDirection() {
        assertEquals("123#11", CandumpLine.parse("(1.5) can0 123#11 T").frame().toString());
        assertEquals(1_500_000, CandumpLine.parse("(1.5) can0 123#11 R").unixMicros());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "garbage",
                "(1.0) can0 123",
                "(1.0) can0 123#1",
                "(1.0) can0 123#112233445566778899",
                "(1.0) can0 800#",
                "(1.0) can0 123##",
                "(1.0) can0 123##Z",
                "(1.0) can0 123##0112233445566778899",
                "(x) can0 123#",
                "(1.0) can0 123#XY"
            })
    void candumpRefusesWhatIsNoFrame(String line) {
        assertThrows(CandumpException.class, () -> CandumpLine.parse(line));
    }
}
