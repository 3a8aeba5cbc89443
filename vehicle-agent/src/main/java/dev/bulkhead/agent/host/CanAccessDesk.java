package dev.bulkhead.agent.host;

import dev.bulkhead.contract.abi.Layouts;
import dev.bulkhead.contract.abi.Status;
import dev.bulkhead.contract.capability.CanAccess;
import dev.bulkhead.contract.capability.CanReceive;
import dev.bulkhead.contract.capability.CanTransmit;
import dev.bulkhead.contract.capability.Capability;
import dev.bulkhead.contract.capability.Readings;
import dev.bulkhead.hal.can.CanFrame;
import dev.bulkhead.hal.signal.StoreReadings;
import dev.bulkhead.security.policy.AccessRequest;
import dev.bulkhead.security.policy.Decision;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Decides CAN access by identifier, once each per policy epoch. Strand only. */
final class CanAccessDesk {
    private final AppSession session;
    private final Readings readings;
    private final Map<Allowance, TokenBucket> rates = new HashMap<>();

    /** Who shares a rate: every identifier of a rule, on every handle, so that changing either brings no new burst. */
    private record Allowance(String bus, boolean send, String rule, double perSecond) {}

    CanAccessDesk(AppSession session) {
        this.session = session;
        this.readings = new StoreReadings(session.services().signals());
    }

    /** Opening needs a request on this bus for each direction; what may really pass is decided frame by frame. */
    boolean mayOpen(String bus, int flags) {
        boolean receive = (flags & Layouts.CAN_RECEIVE) == 0 || requested(bus, false);
        boolean transmit = (flags & Layouts.CAN_TRANSMIT) == 0 || requested(bus, true);
        if (!receive || !transmit) {
            String direction = receive ? "tx" : "rx";
            session.ledger()
                    .denied(
                            "can " + printable(bus) + " " + direction,
                            "manifest",
                            "not requested in the manifest of "
                                    + session.label().appId());
        }
        return receive && transmit;
    }

    private static String printable(String bus) {
        return bus.matches("[A-Za-z0-9_.-]{1,15}") ? bus : "?";
    }

    private boolean requested(String bus, boolean send) {
        for (Capability capability : session.desk().requested()) {
            boolean asks = send
                    ? capability instanceof CanTransmit tx && tx.access().bus().equals(bus)
                    : capability instanceof CanReceive rx && rx.access().bus().equals(bus);
            if (asks) {
                return true;
            }
        }
        return false;
    }

    /** Counts the frame when it may be read. */
    boolean mayReceive(CanResource can, CanFrame frame) {
        if (frame.isError() || (frame.isFd() && !can.fd())) {
            return false;
        }
        CanGrant grant = grant(can, frame, false);
        if (limits(grant, frame) != Status.OK) {
            return false;
        }
        grant.count(frame.length());
        return true;
    }

    Status maySend(CanResource can, CanFrame frame) {
        return limits(grant(can, frame, true), frame);
    }

    void countSent(CanResource can, CanFrame frame) {
        grant(can, frame, true).count(frame.length());
    }

    private Status limits(CanGrant grant, CanFrame frame) {
        Optional<CanAccess> access = grant.access();
        if (access.isEmpty() || (frame.isFd() && !access.get().fd())) {
            return Status.PERM;
        }
        if (!access.get().lengths().map(l -> l.contains(frame.length())).orElse(true)) {
            return Status.RANGE;
        }
        if (!access.get().when().map(w -> w.holds(readings)).orElse(true)) {
            return Status.COND;
        }
        return grant.within(session.now()) ? Status.OK : Status.RATE;
    }

    private CanGrant grant(CanResource can, CanFrame frame, boolean send) {
        long key = frame.id() | (frame.isExtended() ? 1L << 32 : 0);
        CanGrant known = can.known(send, key);
        if (known != null) {
            if (!known.given() && send) {
                decide(can.subject(), frame, true);
            }
            return known;
        }
        CanGrant grant = decide(can.subject(), frame, send);
        can.learn(send, key, grant);
        return grant;
    }

    private CanGrant decide(String bus, CanFrame frame, boolean send) {
        AccessRequest request = send
                ? new AccessRequest.TransmitCan(bus, frame.id(), frame.isExtended())
                : new AccessRequest.ReceiveCan(bus, frame.id(), frame.isExtended());
        return switch (session.desk().decide(request)) {
            case Decision.Allow allow -> {
                Optional<CanAccess> access = access(allow.effective());
                yield new CanGrant(access, session.ledger().use(request.line()), rate(bus, send, allow.rule(), access));
            }
            case Decision.Deny deny -> {
                // a frame that merely passes by is no attempt of the app
                if (send) {
                    session.ledger().denied(request.line(), deny.rule(), deny.why());
                }
                yield CanGrant.none();
            }
        };
    }

    private @Nullable TokenBucket rate(String bus, boolean send, String rule, Optional<CanAccess> access) {
        OptionalDouble perSecond = access.map(CanAccess::rateFps).orElse(OptionalDouble.empty());
        return perSecond.isEmpty()
                ? null
                : rates.computeIfAbsent(
                        new Allowance(bus, send, rule, perSecond.getAsDouble()),
                        shared -> new TokenBucket(shared.perSecond(), session.now()));
    }

    private static Optional<CanAccess> access(Capability effective) {
        return switch (effective) {
            case CanReceive receive -> Optional.of(receive.access());
            case CanTransmit transmit -> Optional.of(transmit.access());
            default -> Optional.empty();
        };
    }
}
