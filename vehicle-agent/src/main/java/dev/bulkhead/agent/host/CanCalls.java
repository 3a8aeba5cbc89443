package dev.bulkhead.agent.host;

import dev.bulkhead.agent.sandbox.GuestMemory;
import dev.bulkhead.contract.abi.Layouts;
import dev.bulkhead.contract.abi.Status;
import dev.bulkhead.hal.can.CanBus;
import dev.bulkhead.hal.can.CanBusStatus;
import dev.bulkhead.hal.can.CanFilter;
import dev.bulkhead.hal.can.CanFrame;
import dev.bulkhead.hal.can.CanPort;
import dev.bulkhead.hal.can.CanSendResult;
import dev.bulkhead.hal.can.CanSlot;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Module {@code hal}: raw CAN. Each frame, in or out, is decided by its identifier. */
final class CanCalls {
    private static final int ALL_FLAGS = Layouts.CAN_RECEIVE | Layouts.CAN_TRANSMIT | Layouts.CAN_FD;

    private final AppSession session;
    private final CanAccessDesk access;

    CanCalls(AppSession session) {
        this.session = session;
        this.access = new CanAccessDesk(session);
    }

    void bind(CallTable table) {
        table.three("hal.can_open", this::open);
        table.three("hal.can_filter", this::filter);
        table.three("hal.can_read", this::read);
        table.three("hal.can_send", this::send);
        table.two("hal.can_state", this::state);
    }

    private long open(GuestMemory memory, long name, long length, long flags) {
        long checked = Guest.check(memory, name, length, Layouts.LONGEST_NAME);
        if (checked != Guest.OK) {
            return checked;
        }
        Optional<String> bus = Guest.text(memory, name, length);
        boolean known = (flags & ~ALL_FLAGS) == 0 && (flags & (Layouts.CAN_RECEIVE | Layouts.CAN_TRANSMIT)) != 0;
        return bus.isEmpty() || !known ? Guest.INVAL : open(bus.get(), (int) flags);
    }

    private long open(String name, int flags) {
        if (!access.mayOpen(name, flags)) {
            return Status.PERM.code();
        }
        Optional<CanBus> bus = session.services().buses().apply(name);
        if (bus.isEmpty()) {
            return Status.NOENT.code();
        }
        CanFeed feed = new CanFeed(session.inbox(), 0);
        CanResource can = new CanResource(bus.get(), flags, feed, session.desk().epoch(), session.held());
        int handle = session.handles().add(can);
        if (handle < 0) {
            session.noHandle(can);
            return Status.NOSPC.code();
        }
        can.handle(handle);
        feed.moveTo(session.inbox(), handle);
        feed.open(bus.get(), List.of());
        if (can.receives()) {
            can.filter(CanFilters.requested(session.desk().requested(), name));
        }
        return handle;
    }

    private long filter(GuestMemory memory, long handle, long pointer, long count) {
        long checked = Guest.checkRecords(memory, pointer, count, Layouts.CAN_FILTER_BYTES, Layouts.MOST_CAN_FILTERS);
        if (checked != Guest.OK) {
            return checked;
        }
        if (!(session.handles().find(handle) instanceof CanResource can) || !can.receives()) {
            return Status.BADH.code();
        }
        List<CanFilter> wanted = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int at = (int) pointer + i * Layouts.CAN_FILTER_BYTES;
            int mask = memory.readInt(at + 4) | CanFrame.EXTENDED | CanFrame.ERROR;
            wanted.add(new CanFilter(memory.readInt(at) & ~CanFrame.ERROR, mask));
        }
        List<CanFilter> granted = CanFilters.requested(session.desk().requested(), can.subject());
        can.filter(wanted.isEmpty() ? granted : CanFilters.narrowed(granted, wanted));
        return Guest.OK;
    }

    private long read(GuestMemory memory, long handle, long out, long most) {
        long checked = Guest.checkRecords(memory, out, most, Layouts.CAN_SLOT_BYTES, Layouts.MOST_CAN_SLOTS);
        if (checked != Guest.OK) {
            return checked;
        }
        if (!(session.handles().find(handle) instanceof CanResource can) || !can.receives()) {
            return Status.BADH.code();
        }
        CanPort port = can.feed().port();
        if (port == null) {
            return Status.NODEV.code();
        }
        can.inEpoch(session.desk().epoch());
        // room for what waits, not for all that was asked for: an app asks for many and mostly gets one
        int room = (int) Math.min(most, port.waiting());
        ByteBuffer slots = ByteBuffer.allocate(room * Layouts.CAN_SLOT_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        int taken = 0;
        // a frame that may not be read takes no slot, so ask again until the slots are full or nothing waits
        for (int round = 0; round < CanFeed.DEPTH && taken < room; round++) {
            int before = slots.position();
            int got = port.receive(room - taken, (frame, time) -> accept(can, slots, frame, time));
            taken += (slots.position() - before) / Layouts.CAN_SLOT_BYTES;
            if (got == 0) {
                break;
            }
        }
        memory.write((int) out, slots.array(), 0, taken * Layouts.CAN_SLOT_BYTES);
        can.feed().afterRead();
        return taken;
    }

    private void accept(CanResource can, ByteBuffer slots, CanFrame frame, long timeNanos) {
        if (access.mayReceive(can, frame)) {
            CanSlot.write(slots, slots.position(), frame, timeNanos);
            slots.position(slots.position() + Layouts.CAN_SLOT_BYTES);
            can.countReceived();
        }
    }

    private long send(GuestMemory memory, long handle, long pointer, long count) {
        long checked = Guest.checkRecords(memory, pointer, count, Layouts.CAN_SLOT_BYTES, Layouts.MOST_CAN_SLOTS);
        if (checked != Guest.OK) {
            return checked;
        }
        if (!(session.handles().find(handle) instanceof CanResource can) || !can.transmits()) {
            return Status.BADH.code();
        }
        can.inEpoch(session.desk().epoch());
        byte[] bytes = memory.read((int) pointer, (int) count * Layouts.CAN_SLOT_BYTES);
        ByteBuffer slots = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            Status status = send(can, slots, i * Layouts.CAN_SLOT_BYTES);
            if (status != Status.OK) {
                can.countRefused();
                return i > 0 ? i : status.code();
            }
        }
        return count;
    }

    private Status send(CanResource can, ByteBuffer slots, int offset) {
        CanFrame frame;
        try {
            frame = CanSlot.read(slots, offset);
        } catch (CanFrame.CanFormException e) {
            return Status.INVAL;
        }
        if (frame.isError() || (frame.isFd() && !can.fd())) {
            return Status.INVAL;
        }
        Status may = access.maySend(can, frame);
        CanPort port = can.feed().port();
        if (may != Status.OK || port == null) {
            return may != Status.OK ? may : Status.NODEV;
        }
        Status sent = session.muted() ? Status.OK : status(port.send(frame));
        if (sent == Status.OK) {
            can.countSent();
            access.countSent(can, frame);
        }
        return sent;
    }

    private static Status status(CanSendResult result) {
        return switch (result) {
            case SENT -> Status.OK;
            case TRY_AGAIN -> Status.AGAIN;
            case BUS_OFF -> Status.BUSOFF;
            case NO_DEVICE -> Status.NODEV;
            case NOT_CARRIED -> Status.INVAL;
        };
    }

    private long state(GuestMemory memory, long handle, long out) {
        if (!memory.contains((int) out, Layouts.CAN_STATE_BYTES)) {
            return Guest.FAULT;
        }
        if (!(session.handles().find(handle) instanceof CanResource can)) {
            return Status.BADH.code();
        }
        CanBusStatus bus = can.bus().status();
        CanPort port = can.feed().port();
        int at = (int) out;
        memory.writeInt(at, code(bus.state()));
        memory.writeInt(at + 4, 0);
        memory.writeInt(at + 8, (int) Math.min(bus.errors(), Integer.MAX_VALUE));
        memory.writeInt(at + 12, port == null ? 0 : port.waiting());
        memory.writeLong(at + 16, can.received());
        memory.writeLong(at + 24, can.sent());
        memory.writeLong(at + 32, can.feed().dropped());
        memory.writeLong(at + 40, can.refused());
        return Guest.OK;
    }

    private static int code(CanBusStatus.State state) {
        return switch (state) {
            case ACTIVE, WARNING -> 0;
            case PASSIVE -> 1;
            case BUS_OFF -> 2;
            case DOWN -> 3;
        };
    }
}
