package dev.bulkhead.hal.driver.socketcan;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.bulkhead.hal.can.CanFilter;
import dev.bulkhead.hal.can.CanFrame;
import dev.bulkhead.hal.can.CanSendResult;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * One raw CAN socket, bound to one interface. Reading belongs to one thread, writing is locked; {@link #close} only after the reading
 * thread has left, since closing does not wake it.
 */
final class CanSocket implements AutoCloseable {
    private static final int AF_CAN = 29;
    private static final int SOCK_RAW_NONBLOCK_CLOEXEC = 3 | 0x800 | 0x80000;
    private static final int CAN_RAW = 1;
    private static final int SOL_SOCKET = 1;
    private static final int SO_TIMESTAMPNS = 35;
    private static final int SO_RXQ_OVFL = 40;
    private static final int SOL_CAN_RAW = 101;
    private static final int CAN_RAW_FILTER = 1;
    private static final int CAN_RAW_ERR_FILTER = 2;
    private static final int CAN_RAW_FD_FRAMES = 5;
    private static final int CLASSIC_BYTES = 16;
    private static final int FD_BYTES = 72;
    private static final int CONTROL_BYTES = 256;
    private static final short POLLIN = 1;

    /** What one read found. */
    interface Received {
        /**
         * @param kernelNanos when the kernel took the frame in, civil time; 0 when it did not say
         * @param lost frames the kernel has dropped on this socket so far
         */
        void frame(CanFrame frame, long kernelNanos, long lost);
    }

    private final LibC libc;
    private final int fd;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment pollSet = arena.allocate(8, 8);
    private final MemorySegment frameIn = arena.allocate(FD_BYTES, 8);
    private final MemorySegment frameOut = arena.allocate(FD_BYTES, 8);
    private final MemorySegment control = arena.allocate(CONTROL_BYTES, 8);
    private final MemorySegment header = arena.allocate(56, 8);
    private final byte[] bytes = new byte[64];
    private long lost;
    private boolean closed;

    private CanSocket(LibC libc, int fd) {
        this.libc = libc;
        this.fd = fd;
        MemorySegment vector = arena.allocate(16, 8);
        vector.set(ADDRESS, 0, frameIn);
        vector.set(JAVA_LONG, 8, FD_BYTES);
        header.set(ADDRESS, 16, vector);
        header.set(JAVA_LONG, 24, 1);
        header.set(ADDRESS, 32, control);
        pollSet.set(JAVA_INT, 0, fd);
        pollSet.set(JAVA_SHORT, 4, POLLIN);
    }

    /** An open socket, or why there is none. */
    sealed interface Opened {
        record Ready(CanSocket socket) implements Opened {}

        record Failed(int errno, String step) implements Opened {}
    }

    /** Opens and binds; {@code filters} are given to the kernel, none meaning everything. */
    static Opened open(LibC libc, String interfaceName, boolean fdFrames, List<CanFilter> filters) {
        int index = libc.interfaceIndex(interfaceName);
        if (index < 0) {
            return new Opened.Failed(-index, "no interface " + interfaceName);
        }
        int fd = libc.socket(AF_CAN, SOCK_RAW_NONBLOCK_CLOEXEC, CAN_RAW);
        if (fd < 0) {
            return new Opened.Failed(-fd, "no CAN socket from the kernel");
        }
        CanSocket socket = new CanSocket(libc, fd);
        int bound = socket.configure(index, fdFrames, filters);
        if (bound < 0) {
            socket.close();
            return new Opened.Failed(-bound, "cannot bind to " + interfaceName);
        }
        return new Opened.Ready(socket);
    }

    private int configure(int index, boolean fdFrames, List<CanFilter> filters) {
        try (Arena brief = Arena.ofConfined()) {
            MemorySegment one = brief.allocateFrom(JAVA_INT, 1);
            MemorySegment allErrors = brief.allocateFrom(JAVA_INT, CanFrame.EXTENDED_MASK);
            libc.setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, one);
            libc.setsockopt(fd, SOL_SOCKET, SO_RXQ_OVFL, one);
            libc.setsockopt(fd, SOL_CAN_RAW, CAN_RAW_ERR_FILTER, allErrors);
            int done = fdFrames ? libc.setsockopt(fd, SOL_CAN_RAW, CAN_RAW_FD_FRAMES, one) : 0;
            if (done >= 0 && !filters.isEmpty()) {
                done = libc.setsockopt(fd, SOL_CAN_RAW, CAN_RAW_FILTER, table(brief, filters));
            }
            if (done < 0) {
                return done;
            }
            MemorySegment address = brief.allocate(24, 4);
            address.set(JAVA_SHORT, 0, (short) AF_CAN);
            address.set(JAVA_INT, 4, index);
            return libc.bind(fd, address);
        }
    }

    /**
     * The kernel's table of data filters; none of them: no data frame passes. Error frames have a filter of their own, and the error flag in a
     * mask would make the kernel look among those alone.
     */
    private static MemorySegment table(Arena arena, List<CanFilter> filters) {
        List<CanFilter> data = filters.stream()
                .filter(filter -> (filter.id() & filter.mask() & CanFrame.ERROR) == 0)
                .toList();
        MemorySegment table = arena.allocate(8L * Math.max(1, data.size()), 4);
        for (int i = 0; i < data.size(); i++) {
            table.set(JAVA_INT, 8L * i, data.get(i).id());
            table.set(JAVA_INT, 8L * i + 4, data.get(i).mask() & ~CanFrame.ERROR);
        }
        return table.asSlice(0, 8L * data.size());
    }

    /**
     * Waits for frames and hands over what is there, a bounded batch.
     *
     * @return 0, or the errno that ended the reading ({@code ENETDOWN}: the interface went down)
     */
    int read(int timeoutMillis, int most, Received sink) {
        int ready = libc.poll(pollSet, 1, timeoutMillis);
        if (ready <= 0) {
            return ready == 0 || ready == -LibC.EINTR ? 0 : -ready;
        }
        for (int i = 0; i < most; i++) {
            header.set(JAVA_LONG, 40, CONTROL_BYTES);
            long length = libc.recvmsg(fd, header, 0);
            if (length == -LibC.EAGAIN || length == -LibC.EINTR) {
                return 0;
            }
            if (length < 0) {
                return (int) -length;
            }
            if (length == CLASSIC_BYTES || length == FD_BYTES) {
                long time = readControl();
                hand(length == FD_BYTES, time, sink);
            }
        }
        return 0;
    }

    private void hand(boolean isFd, long time, Received sink) {
        int length = Byte.toUnsignedInt(frameIn.get(JAVA_BYTE, 4));
        MemorySegment.copy(frameIn, JAVA_BYTE, 8, bytes, 0, isFd ? 64 : 8);
        try {
            sink.frame(
                    CanFrame.of(frameIn.get(JAVA_INT, 0), isFd, frameIn.get(JAVA_BYTE, 5), length, bytes, 0),
                    time,
                    lost);
        } catch (CanFrame.CanFormException e) {
            lost++;
        }
    }

    /** Timestamp and drop counter among the control messages. */
    private long readControl() {
        long time = 0;
        long end = Math.min(CONTROL_BYTES, header.get(JAVA_LONG, 40));
        long at = 0;
        while (at + 16 <= end) {
            long length = control.get(JAVA_LONG, at);
            if (length < 16 || at + length > end) {
                break;
            }
            int type = control.get(JAVA_INT, at + 8) == SOL_SOCKET ? control.get(JAVA_INT, at + 12) : -1;
            if (type == SO_TIMESTAMPNS && length >= 32) {
                time = control.get(JAVA_LONG, at + 16) * 1_000_000_000 + control.get(JAVA_LONG, at + 24);
            } else if (type == SO_RXQ_OVFL && length >= 20) {
                lost = Integer.toUnsignedLong(control.get(JAVA_INT, at + 16));
            }
            at += (length + 7) & ~7;
        }
        return time;
    }

    synchronized CanSendResult write(CanFrame frame) {
        if (closed) {
            return CanSendResult.NO_DEVICE;
        }
        frameOut.fill((byte) 0);
        frameOut.set(JAVA_INT, 0, frame.idWord());
        frameOut.set(JAVA_BYTE, 4, (byte) frame.length());
        frameOut.set(JAVA_BYTE, 5, (byte) frame.flags());
        byte[] data = frame.dataForReading();
        MemorySegment.copy(data, 0, frameOut, JAVA_BYTE, 8, data.length);
        int size = frame.isFd() ? FD_BYTES : CLASSIC_BYTES;
        long written = libc.write(fd, frameOut, size);
        if (written == size) {
            return CanSendResult.SENT;
        }
        return switch ((int) -written) {
            case LibC.ENOBUFS, LibC.EAGAIN, LibC.EINTR -> CanSendResult.TRY_AGAIN;
            case LibC.EINVAL -> CanSendResult.NOT_CARRIED;
            default -> CanSendResult.NO_DEVICE;
        };
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            libc.close(fd);
            arena.close();
        }
    }
}
