package dev.bulkhead.agent.tools;

import dev.bulkhead.agent.host.TokenBucket;
import dev.bulkhead.contract.capability.CanAccess;
import dev.bulkhead.contract.capability.CanReceive;
import dev.bulkhead.contract.capability.CanTransmit;
import dev.bulkhead.contract.capability.Capability;
import dev.bulkhead.contract.capability.Readings;
import dev.bulkhead.hal.can.CanFrame;
import dev.bulkhead.hal.signal.SignalStore;
import dev.bulkhead.hal.signal.StoreReadings;
import dev.bulkhead.hal.time.VehicleClock;
import dev.bulkhead.security.audit.AuditedApp;
import dev.bulkhead.security.policy.AccessRequest;
import dev.bulkhead.security.policy.Decision;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Decides frame by frame what the visitors of the socketcand may receive and send, by what the policy gives to {@code
 * tool.socketcand.anybody}; all of them together have the rate of a rule. What is tried is recorded. Thread-safe.
 */
final class FrameGate {
    private static final AuditedApp VISITOR = Desk.visitor("socketcand", "anybody");
    private static final int MOST_RATES = 4_096;

    private final Desk desk;
    private final VisitorLedger ledger;
    private final Readings readings;
    private final VehicleClock clock;
    private final Map<String, TokenBucket> rates = new HashMap<>();

    FrameGate(Desk desk, VisitorLedger ledger, SignalStore signals, VehicleClock clock) {
        this.desk = desk;
        this.ledger = ledger;
        this.readings = new StoreReadings(signals);
        this.clock = clock;
    }

    /** What is not given merely passes by: no attempt, so nothing is recorded. */
    boolean mayReceive(String bus, CanFrame frame) {
        if (frame.isError()) {
            return false;
        }
        AccessRequest request = new AccessRequest.ReceiveCan(bus, frame.id(), frame.isExtended());
        boolean given = desk.decide(VISITOR, request) instanceof Decision.Allow allow
                && limits("rx", allow, frame).isEmpty();
        if (given) {
            ledger.used(VISITOR, request.line(), frame.length());
        }
        return given;
    }

    /** Records the attempt when it is refused, else call {@link #sent} once the frame is on the bus. */
    boolean maySend(String bus, CanFrame frame) {
        AccessRequest request = new AccessRequest.TransmitCan(bus, frame.id(), frame.isExtended());
        Decision decision = desk.decide(VISITOR, request);
        return switch (decision) {
            case Decision.Deny deny -> {
                ledger.denied(VISITOR, request.line(), deny.rule(), deny.why());
                yield false;
            }
            case Decision.Allow allow -> {
                Optional<String> limit = limits("tx", allow, frame);
                limit.ifPresent(why -> ledger.denied(VISITOR, request.line(), allow.rule(), why));
                yield limit.isEmpty();
            }
        };
    }

    void sent(String bus, CanFrame frame) {
        AccessRequest request = new AccessRequest.TransmitCan(bus, frame.id(), frame.isExtended());
        ledger.used(VISITOR, request.line(), frame.length());
    }

    private Optional<String> limits(String direction, Decision.Allow allow, CanFrame frame) {
        Optional<CanAccess> access = access(allow.effective());
        if (access.isEmpty() || (frame.isFd() && !access.get().fd())) {
            return Optional.of("the grant has no FD frames");
        }
        if (!access.get().lengths().map(l -> l.contains(frame.length())).orElse(true)) {
            return Optional.of("the grant has another length");
        }
        if (!access.get().when().map(w -> w.holds(readings)).orElse(true)) {
            return Optional.of("the grant's condition does not hold");
        }
        return access.get().rateFps().isEmpty() || within(direction, allow, access.get())
                ? Optional.empty()
                : Optional.of("too many frames in a second");
    }

    private static Optional<CanAccess> access(Capability effective) {
        return switch (effective) {
            case CanReceive receive -> Optional.of(receive.access());
            case CanTransmit transmit -> Optional.of(transmit.access());
            default -> Optional.empty();
        };
    }

    /** One allowance for all identifiers of a rule, so that changing the identifier brings no new one. */
    private synchronized boolean within(String direction, Decision.Allow allow, CanAccess access) {
        double perSecond = access.rateFps().getAsDouble();
        String key = direction + " " + perSecond + " " + allow.rule();
        TokenBucket bucket = rates.get(key);
        if (bucket == null) {
            if (rates.size() >= MOST_RATES) {
                return false;
            }
            bucket = new TokenBucket(perSecond, clock.nanos());
            rates.put(key, bucket);
        }
        return bucket.take(clock.nanos());
    }
}
