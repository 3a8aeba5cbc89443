package dev.bulkhead.agent.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What systemd would hear, heard at a real datagram socket. */
class NotifySocketTest {
    private static final long PID = 42;

    @TempDir
    Path dir;

    /** A bound datagram socket, as systemd has one. */
    @SuppressWarnings("restricted") // native code: socket, bind, recv and close of the C library
    private static final class Listener implements AutoCloseable {
        private final Arena arena = Arena.ofConfined();
        private final int fd;

        Listener(byte[] path) throws Throwable {
            fd = (int) function("socket", "iii").invoke(1, 2, 0);
            MemorySegment address = arena.allocate(110);
            address.set(ValueLayout.JAVA_SHORT, 0, (short) 1);
            MemorySegment.copy(path, 0, address, ValueLayout.JAVA_BYTE, 2, path.length);
            int length = 2 + path.length + (path[0] == 0 ? 0 : 1);
            assertEquals(0, (int) function("bind", "ipi").invoke(fd, address, length));
        }

        private static MethodHandle function(String name, String parameters) {
            FunctionDescriptor form = FunctionDescriptor.of(ValueLayout.JAVA_INT);
            for (int i = 0; i < parameters.length(); i++) {
                form = form.appendArgumentLayouts(
                        switch (parameters.charAt(i)) {
                            case 'p' -> ValueLayout.ADDRESS;
                            case 'l' -> ValueLayout.JAVA_LONG;
                            default -> ValueLayout.JAVA_INT;
                        });
            }
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), form);
        }

        /** The next datagram; empty when none waits. */
        String next() throws Throwable {
            MemorySegment buffer = arena.allocate(4_096);
            int length = (int) function("recv", "ipli").invoke(fd, buffer, 4_096L, 0x40);
            return length < 0
                    ? ""
                    : new String(buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
        }

        @Override
        public void close() {
            try {
                int closed = (int) function("close", "i").invoke(fd);
                assertEquals(0, closed);
            } catch (Throwable e) {
                throw new AssertionError(e);
            } finally {
                arena.close();
            }
        }
    }

    @Test
    void tellsWhoeverListensAtAFile() throws Throwable {
        Path path = dir.resolve("notify");
        try (Listener systemd = new Listener(path.toString().getBytes(StandardCharsets.UTF_8))) {
            Herald herald = Herald.of(Map.of("NOTIFY_SOCKET", path.toString()), PID);
            herald.tell("READY=1\nSTATUS=running");
            herald.tell("WATCHDOG=1");
            assertEquals("READY=1\nSTATUS=running", systemd.next());
            assertEquals("WATCHDOG=1", systemd.next());
            assertEquals("", systemd.next());
        }
    }

    @Test
    void tellsWhoeverListensAtANameThatIsNoFile() throws Throwable {
        String name = "bulkhead-test-" + ProcessHandle.current().pid();
        byte[] path = ("\0" + name).getBytes(StandardCharsets.UTF_8);
        try (Listener systemd = new Listener(path)) {
            Herald.of(Map.of("NOTIFY_SOCKET", "@" + name), PID).tell("READY=1");
            assertEquals("READY=1", systemd.next());
        }
    }

    @Test
    void neitherFailsNorWaitsWhenNobodyListens() {
        Herald herald = Herald.of(Map.of("NOTIFY_SOCKET", dir.resolve("nobody").toString()), PID);
        for (int i = 0; i < 10_000; i++) {
            herald.tell("WATCHDOG=1");
        }
        assertSame(Herald.NOBODY, Herald.of(Map.of(), PID));
        assertSame(Herald.NOBODY, Herald.of(Map.of("NOTIFY_SOCKET", "relative"), PID));
        assertSame(Herald.NOBODY, Herald.of(Map.of("NOTIFY_SOCKET", "/" + "x".repeat(200)), PID));
    }

    @Test
    void readsHowLongTheWatchdogWaits() {
        String socket = dir.resolve("notify").toString();
        assertEquals(
                Optional.of(20_000_000_000L), watchdog(Map.of("NOTIFY_SOCKET", socket, "WATCHDOG_USEC", "20000000")));
        assertEquals(
                Optional.of(1_000L),
                watchdog(Map.of("NOTIFY_SOCKET", socket, "WATCHDOG_USEC", "1", "WATCHDOG_PID", "42")));
        assertEquals(
                Optional.empty(),
                watchdog(Map.of("NOTIFY_SOCKET", socket, "WATCHDOG_USEC", "1", "WATCHDOG_PID", "43")));
        assertEquals(Optional.empty(), watchdog(Map.of("NOTIFY_SOCKET", socket, "WATCHDOG_USEC", "soon")));
        assertEquals(Optional.empty(), watchdog(Map.of("NOTIFY_SOCKET", socket, "WATCHDOG_USEC", "-5")));
    }

    private static Optional<Long> watchdog(Map<String, String> environment) {
        return Herald.of(environment, PID).watchdogNanos();
    }
}
