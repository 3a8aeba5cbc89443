package dev.bulkhead.agent.tools;

import dev.bulkhead.hal.can.CanBus;
import dev.bulkhead.hal.can.CanBusStatus;
import dev.bulkhead.hal.can.CanFilter;
import dev.bulkhead.hal.can.CanFrame;
import dev.bulkhead.hal.can.CanPort;
import dev.bulkhead.hal.can.CanSendResult;
import java.util.List;

/**
 * A bus as strangers get it: frames pass, both ways, as the {@link FrameGate} says. Frames that carry an actuator are sent only where the
 * policy names them, for they would go round its contract. Closing it leaves the bus open. Thread-safe.
 */
final class PolicedBus implements CanBus {
    private final CanBus bus;
    private final FrameGate gate;

    PolicedBus(CanBus bus, FrameGate gate) {
        this.bus = bus;
        this.gate = gate;
    }

    @Override
    public String name() {
        return bus.name();
    }

    @Override
    public boolean fd() {
        return bus.fd();
    }

    @Override
    public CanBusStatus status() {
        return bus.status();
    }

    @Override
    public CanPort open(List<CanFilter> filters, int depth, CanPort.Reader reader) {
        return new Port(bus.open(filters, depth, reader));
    }

    @Override
    public void close() {}

    private final class Port implements CanPort {
        private final CanPort port;

        private Port(CanPort port) {
            this.port = port;
        }

        @Override
        public CanSendResult send(CanFrame frame) {
            if (!gate.maySend(bus.name(), frame)) {
                return CanSendResult.NOT_CARRIED;
            }
            CanSendResult result = port.send(frame);
            if (result == CanSendResult.SENT) {
                gate.sent(bus.name(), frame);
            }
            return result;
        }

        @Override
        public int receive(int max, FrameSink sink) {
            return port.receive(max, (frame, time) -> {
                if (gate.mayReceive(bus.name(), frame)) {
                    sink.frame(frame, time);
                }
            });
        }

        @Override
        public void filters(List<CanFilter> filters) {
            port.filters(filters);
        }

        @Override
        public int waiting() {
            return port.waiting();
        }

        @Override
        public long dropped() {
            return port.dropped();
        }

        @Override
        public void close() {
            port.close();
        }
    }
}
