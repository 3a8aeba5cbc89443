package dev.bulkhead.agent.host;

import dev.bulkhead.agent.sandbox.GuestMemory;
import dev.bulkhead.contract.abi.Layouts;
import dev.bulkhead.contract.abi.Status;
import dev.bulkhead.hal.actuation.ActuationOutcome;
import dev.bulkhead.hal.actuation.ActuatorClaim;
import dev.bulkhead.hal.actuation.Setpoint;
import dev.bulkhead.hal.signal.Datatype;
import dev.bulkhead.hal.signal.SignalValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Module {@code hal}: owning and setting actuators. The board checks the contract; this room checks handles, grants and pointers. */
final class ActuatorCalls {
    private static final long MILLI = 1_000_000L;
    private static final int MOST_PRIORITY = 100;
    private static final int LONGEST_PACKED = 1 << 18;

    private final AppSession session;
    private final SignalAccess access;

    ActuatorCalls(AppSession session, SignalAccess access) {
        this.session = session;
        this.access = access;
    }

    void bind(CallTable table) {
        table.three("hal.actuator_acquire", (memory, handle, priority, lease) -> acquire(handle, priority, lease));
        table.one("hal.actuator_renew", (memory, handle) -> with(handle, ActuatorClaim::renew));
        table.one("hal.actuator_release", (memory, handle) -> release(handle));
        table.two(
                "hal.actuator_set_f64",
                (memory, handle, bits) -> with(handle, claim -> claim.set(Double.longBitsToDouble(bits))));
        table.two("hal.actuator_set_i64", (memory, handle, value) -> with(handle, claim -> claim.set(value)));
        table.three("hal.actuator_set_bytes", this::setBytes);
        table.two("hal.actuator_set_batch", this::setBatch);
    }

    private long acquire(long handle, long priority, long leaseMs) {
        if (priority < 0 || priority > MOST_PRIORITY || leaseMs <= 0) {
            return session.handles().find(handle) instanceof SignalResource ? Guest.INVAL : Status.BADH.code();
        }
        long leaseNanos = leaseMs * MILLI;
        remember(handle, new SignalResource.Tenancy((int) priority, leaseNanos));
        return with(handle, claim -> claim.acquire((int) priority, leaseNanos));
    }

    private long release(long handle) {
        remember(handle, null);
        return with(handle, ActuatorClaim::release);
    }

    /** What a muted session asks for it gets when it takes over. */
    private void remember(long handle, SignalResource.@Nullable Tenancy tenancy) {
        if (session.muted() && session.handles().find(handle) instanceof SignalResource signal) {
            signal.wished(tenancy);
        }
    }

    /** Does something with the claim behind the handle; while muted, everything that would be asked succeeds and nothing happens. */
    private long with(long handle, Function<ActuatorClaim, ActuationOutcome> command) {
        if (!(session.handles().find(handle) instanceof SignalResource signal)) {
            return Status.BADH.code();
        }
        ActuatorClaim claim = access.mayActuate(signal);
        if (claim == null) {
            return Status.PERM.code();
        }
        signal.commanded();
        return session.muted() ? Guest.OK : command.apply(claim).code();
    }

    private long setBytes(GuestMemory memory, long handle, long pointer, long length) {
        long checked = Guest.check(memory, pointer, length, LONGEST_PACKED);
        if (checked != Guest.OK) {
            return checked;
        }
        if (!(session.handles().find(handle) instanceof SignalResource signal)) {
            return Status.BADH.code();
        }
        Datatype type = signal.cell().leaf().type();
        Optional<SignalValue> value = PackedValue.unpack(type, memory.read((int) pointer, (int) length));
        if (value.isEmpty()) {
            return type.isScalar() ? Status.TYPE.code() : Guest.INVAL;
        }
        return with(handle, claim -> claim.set(value.get()));
    }

    private long setBatch(GuestMemory memory, long records, long count) {
        long checked = Guest.checkRecords(memory, records, count, Layouts.BATCH_COMMAND_BYTES, Layouts.MOST_IN_BATCH);
        if (checked != Guest.OK) {
            return checked;
        }
        List<Setpoint> setpoints = new ArrayList<>();
        long refused = Guest.OK;
        for (int i = 0; i < count; i++) {
            int at = (int) records + i * Layouts.BATCH_COMMAND_BYTES;
            long status = gather(memory.readInt(at), memory.readLong(at + 8), setpoints);
            memory.writeInt(at + 4, (int) status);
            refused = refused == Guest.OK ? status : refused;
        }
        if (refused != Guest.OK || session.muted()) {
            return refused;
        }
        long outcome = session.services().actuators().setAll(setpoints).code();
        for (int i = 0; i < count; i++) {
            memory.writeInt((int) records + i * Layouts.BATCH_COMMAND_BYTES + 4, (int) outcome);
        }
        return outcome;
    }

    private long gather(int handle, long bits, List<Setpoint> setpoints) {
        if (!(session.handles().find(handle) instanceof SignalResource signal)) {
            return Status.BADH.code();
        }
        ActuatorClaim claim = access.mayActuate(signal);
        if (claim == null) {
            return Status.PERM.code();
        }
        Datatype type = signal.cell().leaf().type();
        if (!type.isScalar()) {
            return Status.TYPE.code();
        }
        if (!type.carries(bits)) {
            return Status.RANGE.code();
        }
        signal.commanded();
        setpoints.add(new Setpoint(claim, new SignalValue.Scalar(type, bits)));
        return Guest.OK;
    }
}
