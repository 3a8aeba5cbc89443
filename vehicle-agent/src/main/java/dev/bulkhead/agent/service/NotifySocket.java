package dev.bulkhead.agent.service;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The datagram socket on which systemd listens (sd_notify(3)). The JDK has stream sockets of that family only. */
@SuppressWarnings("restricted") // native code: socket, sendto and close of the C library
final class NotifySocket implements Herald {
    private static final Logger LOG = LoggerFactory.getLogger(NotifySocket.class);
    private static final int AF_UNIX = 1;
    private static final int DATAGRAM_CLOSE_ON_EXEC = 2 | 0x8_0000;
    private static final int DO_NOT_WAIT_NO_SIGNAL = 0x40 | 0x4000;
    private static final int LONGEST_PATH = 108;
    private static final int FAMILY_BYTES = 2;

    private final byte[] address;
    private final Optional<Long> watchdogNanos;
    private final MethodHandle socket;
    private final MethodHandle sendto;
    private final MethodHandle close;

    private NotifySocket(byte[] address, Optional<Long> watchdogNanos) {
        this.address = address.clone();
        this.watchdogNanos = watchdogNanos;
        this.socket = function("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
        this.sendto = function(
                "sendto", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
        this.close = function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    }

    /** The socket of that name, {@code @} first for one that is no file; nobody when no socket can have that name. */
    static Herald named(String name, Optional<Long> watchdogNanos) {
        byte[] path = name.getBytes(StandardCharsets.UTF_8);
        boolean form = name.startsWith("/") || (name.startsWith("@") && path.length > 1);
        if (!form || path.length >= LONGEST_PATH) {
            LOG.warn("NOTIFY_SOCKET={} is no name of a Unix socket; nobody is told how the agent is", name);
            return NOBODY;
        }
        if (path[0] == '@') {
            path[0] = 0;
        }
        return new NotifySocket(path, watchdogNanos);
    }

    private static MethodHandle function(String name, FunctionDescriptor descriptor) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor);
    }

    @Override
    public Optional<Long> watchdogNanos() {
        return watchdogNanos;
    }

    @Override
    public void tell(String state) {
        try (Arena arena = Arena.ofConfined()) {
            int fd = (int) socket.invokeExact(AF_UNIX, DATAGRAM_CLOSE_ON_EXEC, 0);
            if (fd < 0) {
                LOG.warn("no socket to tell systemd: {}", state);
                return;
            }
            long sent = send(arena, fd, state.getBytes(StandardCharsets.UTF_8));
            int closed = (int) close.invokeExact(fd);
            if (sent < 0 || closed < 0) {
                LOG.warn("systemd could not be told: {}", state);
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            LOG.warn("systemd could not be told: {}", state, e);
        }
    }

    private long send(Arena arena, int fd, byte[] text) throws Throwable {
        int length = FAMILY_BYTES + address.length + (address[0] == 0 ? 0 : 1);
        MemorySegment to = arena.allocate(FAMILY_BYTES + LONGEST_PATH, 8);
        to.set(JAVA_SHORT, 0, (short) AF_UNIX);
        MemorySegment.copy(address, 0, to, JAVA_BYTE, FAMILY_BYTES, address.length);
        MemorySegment data = arena.allocateFrom(JAVA_BYTE, text);
        return (long) sendto.invokeExact(fd, data, (long) text.length, DO_NOT_WAIT_NO_SIGNAL, to, length);
    }
}
