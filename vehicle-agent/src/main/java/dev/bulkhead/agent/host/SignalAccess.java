package dev.bulkhead.agent.host;

import dev.bulkhead.contract.abi.Layouts;
import dev.bulkhead.contract.abi.Status;
import dev.bulkhead.contract.capability.SignalActuate;
import dev.bulkhead.contract.capability.SignalRead;
import dev.bulkhead.hal.actuation.ActuationException;
import dev.bulkhead.hal.actuation.ActuatorClaim;
import dev.bulkhead.hal.signal.LeafKind;
import dev.bulkhead.hal.signal.SignalCell;
import dev.bulkhead.security.audit.UsageCounter;
import dev.bulkhead.security.policy.AccessRequest;
import dev.bulkhead.security.policy.Decision;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Opens signals under the policy in force, and decides again when another policy is. Strand only. */
final class SignalAccess {
    private final AppSession session;

    SignalAccess(AppSession session) {
        this.session = session;
    }

    /** A handle, or the status that says why not. Policy is asked before the tree, so that a denial says nothing about what there is. */
    long open(String path, int mode) {
        try {
            new AccessRequest.ReadSignal(path);
        } catch (IllegalArgumentException e) {
            return Status.INVAL.code();
        }
        long epoch = session.desk().epoch();
        boolean read = (mode & Layouts.MODE_READ) != 0;
        boolean actuate = (mode & Layouts.MODE_ACTUATE) != 0;
        Optional<SignalRead> mayRead = read ? readGrant(path) : Optional.empty();
        Optional<SignalActuate> mayActuate = actuate ? actuateGrant(path) : Optional.empty();
        if ((read && mayRead.isEmpty()) || (actuate && mayActuate.isEmpty())) {
            return Status.PERM.code();
        }
        Optional<SignalCell> cell = session.services().signals().cell(path);
        if (cell.isEmpty()) {
            return Status.NOENT.code();
        }
        if (actuate && cell.get().leaf().kind() != LeafKind.ACTUATOR) {
            return Status.TYPE.code();
        }
        return enter(cell.get(), mode, epoch, mayRead, mayActuate);
    }

    private long enter(
            SignalCell cell, int mode, long epoch, Optional<SignalRead> read, Optional<SignalActuate> actuate) {
        UsageCounter uses = session.ledger().use("signal " + cell.leaf().path() + " read");
        SignalResource signal = new SignalResource(cell, mode, uses);
        int handle = session.handles().add(signal);
        if (handle < 0) {
            session.noHandle(signal);
            return Status.NOSPC.code();
        }
        signal.handle(handle);
        signal.decided(epoch, read.orElse(null), session.now());
        if (actuate.isPresent() && !stakeClaim(signal, actuate.get())) {
            session.handles().remove(handle);
            return Status.PERM.code();
        }
        return handle;
    }

    private boolean stakeClaim(SignalResource signal, SignalActuate grant) {
        try {
            int handle = signal.handle();
            signal.claim(session.services()
                    .actuators()
                    .claim(
                            signal.cell().leaf(),
                            session.owner(),
                            grant,
                            (actuator, cause) -> session.actuatorLost(handle, cause)));
            return true;
        } catch (ActuationException e) {
            String line = new AccessRequest.Actuate(signal.subject()).line();
            session.ledger().denied(line, "the grant does not fit the actuator", String.valueOf(e.getMessage()));
            return false;
        }
    }

    private Optional<SignalRead> readGrant(String path) {
        AccessRequest request = new AccessRequest.ReadSignal(path);
        return switch (session.desk().decide(request)) {
            case Decision.Allow allow when allow.effective() instanceof SignalRead read -> Optional.of(read);
            case Decision.Allow _ -> Optional.empty();
            case Decision.Deny deny -> {
                session.ledger().denied(request.line(), deny.rule(), deny.why());
                yield Optional.empty();
            }
        };
    }

    private Optional<SignalActuate> actuateGrant(String path) {
        AccessRequest request = new AccessRequest.Actuate(path);
        return switch (session.desk().decide(request)) {
            case Decision.Allow allow when allow.effective() instanceof SignalActuate actuate -> Optional.of(actuate);
            case Decision.Allow _ -> Optional.empty();
            case Decision.Deny deny -> {
                session.ledger().denied(request.line(), deny.rule(), deny.why());
                yield Optional.empty();
            }
        };
    }

    /** OK when the signal may be read at all now; decides again first when the policy changed. */
    Status current(SignalResource signal) {
        if (!signal.decidedIn(session.desk().epoch())) {
            decideAgain(signal);
        }
        return signal.readable() ? Status.OK : Status.PERM;
    }

    /** OK when one more read is granted at {@code now}; counts it. */
    Status mayRead(SignalResource signal, long now) {
        Status status = current(signal);
        if (status != Status.OK) {
            return status;
        }
        return signal.read(now) ? Status.OK : Status.RATE;
    }

    /** The claim, while the policy grants it; null otherwise. */
    @Nullable
    ActuatorClaim mayActuate(SignalResource signal) {
        if (!signal.decidedIn(session.desk().epoch())) {
            decideAgain(signal);
        }
        return signal.claim();
    }

    private void decideAgain(SignalResource signal) {
        long epoch = session.desk().epoch();
        boolean read = (signal.mode() & Layouts.MODE_READ) != 0;
        Optional<SignalRead> granted = read ? readGrant(signal.subject()) : Optional.empty();
        signal.decided(epoch, granted.orElse(null), session.now());
        if (read && granted.isEmpty()) {
            signal.unsubscribe();
        }
        if ((signal.mode() & Layouts.MODE_ACTUATE) != 0) {
            regrant(signal, actuateGrant(signal.subject()));
        }
    }

    private void regrant(SignalResource signal, Optional<SignalActuate> granted) {
        ActuatorClaim claim = signal.claim();
        if (claim == null) {
            granted.ifPresent(grant -> stakeClaim(signal, grant));
            return;
        }
        try {
            claim.regrant(granted);
        } catch (ActuationException e) {
            claim.regrant(Optional.empty());
        }
    }
}
