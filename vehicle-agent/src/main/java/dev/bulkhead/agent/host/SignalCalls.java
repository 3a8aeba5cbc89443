package dev.bulkhead.agent.host;

import dev.bulkhead.agent.sandbox.GuestMemory;
import dev.bulkhead.contract.abi.Layouts;
import dev.bulkhead.contract.abi.Status;
import dev.bulkhead.contract.proto.SignalInfo;
import dev.bulkhead.hal.signal.SignalCell;
import dev.bulkhead.hal.signal.SignalLeaf;
import dev.bulkhead.hal.signal.SignalReading;
import dev.bulkhead.hal.signal.SignalValue;
import dev.bulkhead.hal.signal.SubscriptionLimitException;
import dev.bulkhead.hal.signal.SubscriptionOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Module {@code hal}: opening, reading and subscribing to signals. */
final class SignalCalls {
    private static final long NAN = Double.doubleToRawLongBits(Double.NaN);
    private static final long MILLI = 1_000_000L;
    /** Instructions, a call of the host counting ten, for which the time stays as it was: a microsecond or so. */
    private static final long PROGRESS_PER_LOOK = 4_000;

    private static final int LONGEST_INTERVAL_MS = 3_600_000;

    private final AppSession session;
    private final SignalAccess access;
    private final SignalReading reading = new SignalReading();
    private long lookedAt = Long.MAX_VALUE;
    private long now;

    SignalCalls(AppSession session, SignalAccess access) {
        this.session = session;
        this.access = access;
    }

    void bind(CallTable table) {
        table.three("hal.signal_open", this::open);
        table.one("hal.signal_close", (memory, handle) -> close(handle));
        table.three("hal.signal_info", this::info);
        table.one("hal.signal_get_f64", this::getF64);
        table.one("hal.signal_get_i64", this::getI64);
        table.none("hal.last_status", memory -> session.lastStatus());
        table.two("hal.signal_read", this::read);
        table.three("hal.signal_read_batch", this::readBatch);
        table.three("hal.signal_get_bytes", this::getBytes);
        table.put("hal.signal_subscribe", (memory, a) -> subscribe(a[0], a[1], a[2], a[3], a[4]));
        table.one("hal.signal_unsubscribe", (memory, handle) -> unsubscribe(handle));
    }

    private long open(GuestMemory memory, long path, long length, long mode) {
        long checked = Guest.check(memory, path, length, Layouts.LONGEST_NAME);
        if (checked != Guest.OK) {
            return checked;
        }
        Optional<String> name = Guest.text(memory, path, length);
        if (name.isEmpty() || mode < 1 || mode > (Layouts.MODE_READ | Layouts.MODE_ACTUATE)) {
            return Guest.INVAL;
        }
        return access.open(name.get(), (int) mode);
    }

    private long close(long handle) {
        if (!(session.handles().find(handle) instanceof SignalResource)) {
            return Status.BADH.code();
        }
        Resource removed = session.handles().remove(handle);
        if (removed != null) {
            removed.close();
        }
        return Guest.OK;
    }

    private long info(GuestMemory memory, long handle, long out, long cap) {
        if (!(session.handles().find(handle) instanceof SignalResource signal)) {
            return Status.BADH.code();
        }
        return Guest.answer(memory, out, cap, describe(signal.cell().leaf()));
    }

    private static byte[] describe(SignalLeaf leaf) {
        SignalInfo.Builder info = SignalInfo.newBuilder()
                .setPath(leaf.path())
                .setDatatype(leaf.type().vssName())
                .setUnit(leaf.unit())
                .addAllAllowed(leaf.allowed())
                .setAgeLimitMs((int) Math.min(leaf.ageLimit().toMillis(), Integer.MAX_VALUE));
        leaf.min().ifPresent(info::setMin);
        leaf.max().ifPresent(info::setMax);
        return info.build().toByteArray();
    }

    private long getF64(GuestMemory memory, long handle) {
        SignalResource signal = signal(handle);
        Status status = sample(memory, signal);
        session.lastStatus(status);
        return signal != null && hasValue(status)
                ? Double.doubleToRawLongBits(signal.type().toDouble(reading.bits()))
                : NAN;
    }

    private @Nullable SignalResource signal(long handle) {
        return session.handles().find(handle) instanceof SignalResource signal ? signal : null;
    }

    /** The time, read anew only when the guest has done something since; a clock costs more than all the rest of a read. */
    private long now(GuestMemory memory) {
        long progress = memory.progress();
        if (progress < 0 || Long.compareUnsigned(progress - lookedAt, PROGRESS_PER_LOOK) > 0) {
            lookedAt = progress;
            now = session.now();
        }
        return now;
    }

    private long getI64(GuestMemory memory, long handle) {
        SignalResource signal = signal(handle);
        Status status = sample(memory, signal);
        session.lastStatus(status);
        return signal != null && hasValue(status) ? signal.type().toLong(reading.bits()) : 0;
    }

    private static boolean hasValue(Status status) {
        return status == Status.OK || status == Status.STALE;
    }

    /** Fills the reading with a scalar, or says why there is none. */
    private Status sample(GuestMemory memory, @Nullable SignalResource signal) {
        if (signal == null) {
            return Status.BADH;
        }
        long time = now(memory);
        Status may = access.mayRead(signal, time);
        if (may != Status.OK) {
            return may;
        }
        signal.cell().read(reading);
        return judge(signal, true, time);
    }

    private Status judge(SignalResource signal, boolean scalar, long time) {
        if (signal.scalar() != scalar) {
            return Status.TYPE;
        }
        if (!reading.present()) {
            return Status.NOVALUE;
        }
        return reading.stale(time, signal.ageLimitNanos()) ? Status.STALE : Status.OK;
    }

    private long read(GuestMemory memory, long handle, long out) {
        if (!memory.contains((int) out, Layouts.READING_BYTES)) {
            return Guest.FAULT;
        }
        Status status = sample(memory, signal(handle));
        if (hasValue(status)) {
            memory.writeLong((int) out, reading.bits());
            memory.writeLong((int) out + 8, reading.timeNanos());
        }
        return status.code();
    }

    private long readBatch(GuestMemory memory, long handles, long count, long out) {
        long checked = Guest.checkRecords(memory, handles, count, 4, Layouts.MOST_IN_BATCH);
        if (checked == Guest.OK) {
            checked = Guest.checkRecords(memory, out, count, Layouts.BATCH_READING_BYTES, Layouts.MOST_IN_BATCH);
        }
        if (checked != Guest.OK) {
            return checked;
        }
        byte[] wanted = memory.read((int) handles, (int) count * 4);
        ByteBuffer ids = ByteBuffer.wrap(wanted).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            int handle = ids.getInt(i * 4);
            Status status = sample(memory, signal(handle));
            int at = (int) out + i * Layouts.BATCH_READING_BYTES;
            memory.writeInt(at, handle);
            memory.writeInt(at + 4, status.code());
            memory.writeLong(at + 8, hasValue(status) ? reading.bits() : 0);
            memory.writeLong(at + 16, hasValue(status) ? reading.timeNanos() : 0);
        }
        return Guest.OK;
    }

    private long getBytes(GuestMemory memory, long handle, long out, long cap) {
        if (!(session.handles().find(handle) instanceof SignalResource signal)) {
            return Status.BADH.code();
        }
        long time = now(memory);
        Status may = access.mayRead(signal, time);
        if (may != Status.OK) {
            return may.code();
        }
        SignalCell cell = signal.cell();
        cell.read(reading);
        Status status = judge(signal, false, time);
        Optional<SignalValue> value = cell.valueOf(reading);
        if (!hasValue(status) || value.isEmpty()) {
            return status.code();
        }
        return Guest.answer(memory, out, cap, PackedValue.pack(value.get()));
    }

    private long subscribe(long handle, long mode, long intervalMs, long deadbandBits, long depth) {
        if (!(session.handles().find(handle) instanceof SignalResource signal)) {
            return Status.BADH.code();
        }
        Status may = access.current(signal);
        if (may != Status.OK) {
            return may.code();
        }
        Optional<SubscriptionOptions> options =
                options(mode, intervalMs, Double.longBitsToDouble(deadbandBits), depth, signal.leastIntervalNanos());
        if (options.isEmpty()) {
            return Guest.INVAL;
        }
        signal.unsubscribe();
        SignalFeed feed = new SignalFeed(options.get(), session.inbox(), signal.handle());
        if (!session.inbox().reserve(feed, feed.depth())) {
            if (session.inbox().free() < feed.depth()) {
                session.exceeded("queue", session.inbox().limit(), depth, "refused");
                session.warn(Scarce.QUEUE, session.inbox().free());
            } else {
                session.outOfMemory(HeldMemory.EVENT * feed.depth());
            }
            return Status.NOSPC.code();
        }
        try {
            feed.start(session.services().signals(), signal.cell().leaf().id());
        } catch (SubscriptionLimitException e) {
            feed.close();
            return Status.NOSPC.code();
        }
        signal.feed(feed);
        return Guest.OK;
    }

    private static Optional<SubscriptionOptions> options(
            long mode, long intervalMs, double deadband, long depth, long leastInterval) {
        boolean queue = mode == Layouts.SUBSCRIBE_QUEUE;
        boolean fits = (queue || mode == Layouts.SUBSCRIBE_LATEST)
                && intervalMs >= 0
                && intervalMs <= LONGEST_INTERVAL_MS
                && deadband >= 0
                && deadband < Double.POSITIVE_INFINITY
                && (!queue || (depth >= 1 && depth <= SubscriptionOptions.MAX_DEPTH));
        if (!fits) {
            return Optional.empty();
        }
        SubscriptionOptions base = queue ? SubscriptionOptions.queue((int) depth) : SubscriptionOptions.latest();
        return Optional.of(base.withMinInterval(Math.max(intervalMs * MILLI, leastInterval))
                .withDeadband(deadband)
                .withInitial(true));
    }

    private long unsubscribe(long handle) {
        if (!(session.handles().find(handle) instanceof SignalResource signal)) {
            return Status.BADH.code();
        }
        if (signal.feed() == null) {
            return Status.NOENT.code();
        }
        signal.unsubscribe();
        return Guest.OK;
    }
}
