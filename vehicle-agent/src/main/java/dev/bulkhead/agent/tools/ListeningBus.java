package dev.bulkhead.agent.tools;

import dev.bulkhead.contract.capability.CanAccess;
import dev.bulkhead.contract.capability.CanReceive;
import dev.bulkhead.hal.can.CanBus;
import dev.bulkhead.hal.can.CanBusStatus;
import dev.bulkhead.hal.can.CanFilter;
import dev.bulkhead.hal.can.CanFrame;
import dev.bulkhead.hal.can.CanPort;
import dev.bulkhead.hal.can.CanSendResult;
import dev.bulkhead.security.audit.AuditedApp;
import dev.bulkhead.security.policy.AccessRequest;
import dev.bulkhead.security.policy.Decision;
import java.util.List;

/**
 * A bus as strangers get it: frames that the policy lets {@code tool.socketcand.anybody} receive without rate or condition, and none can be sent,
 * which would go round every actuation contract. What is tried is recorded. Closing it leaves the bus open. Thread-safe.
 */
final class ListeningBus implements CanBus {
    private static final AuditedApp VISITOR = Desk.visitor("socketcand", "anybody");

    private final CanBus bus;
    private final Desk desk;
    private final VisitorLedger ledger;

    ListeningBus(CanBus bus, Desk desk, VisitorLedger ledger) {
        this.bus = bus;
        this.desk = desk;
        this.ledger = ledger;
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
    public CanPort open(List<CanFilter> filters, int depth, Runnable onReady) {
        return new Port(bus.open(filters, depth, onReady));
    }

    @Override
    public void close() {}

    private boolean mayReceive(CanFrame frame) {
        if (frame.isError()) {
            return false;
        }
        AccessRequest request = new AccessRequest.ReceiveCan(bus.name(), frame.id(), frame.isExtended());
        boolean given = desk.decide(VISITOR, request) instanceof Decision.Allow allow
                && allow.effective() instanceof CanReceive receive
                && covers(receive.access(), frame);
        if (given) {
            ledger.used(VISITOR, request.line(), frame.length());
        }
        return given;
    }

    private static boolean covers(CanAccess access, CanFrame frame) {
        boolean plain = access.rateFps().isEmpty() && access.when().isEmpty();
        return plain
                && (access.fd() || !frame.isFd())
                && access.lengths().map(range -> range.contains(frame.length())).orElse(true);
    }

    private CanSendResult refuse(CanFrame frame) {
        AccessRequest request = new AccessRequest.TransmitCan(bus.name(), frame.id(), frame.isExtended());
        ledger.denied(VISITOR, request.line(), "socketcand", "tools may only listen to the buses of this vehicle");
        return CanSendResult.NOT_CARRIED;
    }

    private final class Port implements CanPort {
        private final CanPort port;

        private Port(CanPort port) {
            this.port = port;
        }

        @Override
        public CanSendResult send(CanFrame frame) {
            return refuse(frame);
        }

        @Override
        public int receive(int max, FrameSink sink) {
            return port.receive(max, (frame, time) -> {
                if (mayReceive(frame)) {
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
