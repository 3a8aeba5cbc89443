package dev.bulkhead.agent.sandbox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class GuestBytesTest {
    private static final byte[] BYTES = {0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, -0x78, -0x67};

    /** An accessor and what it is for. */
    private record Access(GuestBytes.Kind kind, boolean get, MethodHandle handle) {
        int bytes() {
            return switch (kind) {
                case BYTE -> 1;
                case SHORT -> 2;
                case INT, FLOAT -> 4;
                case LONG, DOUBLE -> 8;
            };
        }

        Object at(byte[] memory, long address) throws Throwable {
            return get ? handle.invoke(memory, address) : handle.invoke(memory, address, expected(0));
        }

        /** What stands in {@link #BYTES} from there on. */
        Object expected(int from) {
            ByteBuffer buffer = ByteBuffer.wrap(BYTES).order(ByteOrder.LITTLE_ENDIAN);
            return switch (kind) {
                case BYTE -> buffer.get(from);
                case SHORT -> buffer.getShort(from);
                case INT -> buffer.getInt(from);
                case LONG -> buffer.getLong(from);
                case FLOAT -> buffer.getFloat(from);
                case DOUBLE -> buffer.getDouble(from);
            };
        }
    }

    /** By address, where this JVM can, and by views. */
    private static List<Access> accesses() {
        List<Access> accesses = new ArrayList<>();
        for (GuestBytes.Kind kind : GuestBytes.Kind.values()) {
            for (boolean get : new boolean[] {true, false}) {
                accesses.add(new Access(kind, get, GuestBytes.byView(kind, get)));
                JdkUnsafe.find()
                        .ifPresent(unsafe -> accesses.add(new Access(kind, get, GuestBytes.direct(unsafe, kind, get))));
            }
        }
        return accesses;
    }

    @Test
    void readAndWriteTheLowestByteFirstAtAnyAddress() throws Throwable {
        for (Access access : accesses()) {
            int last = BYTES.length - access.bytes();
            for (int address = 0; address <= last; address++) {
                if (access.get) {
                    assertEquals(access.expected(address), access.at(BYTES, address), access.toString());
                } else {
                    byte[] memory = new byte[BYTES.length];
                    access.at(memory, address);
                    byte[] expected = new byte[BYTES.length];
                    System.arraycopy(BYTES, 0, expected, address, access.bytes());
                    assertArrayEquals(expected, memory, access.toString());
                }
            }
        }
    }

    @Test
    void refuseWhatDoesNotLieInTheArrayAsAWhole() {
        for (Access access : accesses()) {
            for (int length : new int[] {0, 1, access.bytes() - 1, access.bytes(), 64}) {
                byte[] memory = new byte[length];
                long behind = Math.max(0, length - access.bytes() + 1);
                long[] outside = {
                    behind,
                    length,
                    length + 1L,
                    1L << 31,
                    (1L << 32) - 1,
                    1L << 32,
                    (1L << 33) - 2,
                    Long.MAX_VALUE,
                    -1,
                    Long.MIN_VALUE
                };
                for (long address : outside) {
                    assertThrows(
                            IndexOutOfBoundsException.class,
                            () -> access.at(memory, address),
                            access + " of " + length + " at " + address);
                }
                assertArrayEquals(new byte[length], memory);
            }
        }
    }

    @Test
    void areNothingElse() {
        for (String name : List.of("getAddress", "putObject", "copyMemory", "getint", "getIntVolatile", "get", "")) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> GuestBytes.accessor(MethodHandles.lookup(), name, MethodHandle.class),
                    name);
        }
    }

    @Test
    void goByViewsInAJvmThatDoesNotAllowMore() throws IOException, InterruptedException {
        assertEquals("false 1144201745", inAJvm("deny"));
        assertEquals(JdkUnsafe.find().isPresent() + " 1144201745", inAJvm("allow"));
    }

    private static String inAJvm(String allowance) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "--sun-misc-unsafe-memory-access=" + allowance,
                        "-cp",
                        System.getProperty("java.class.path"),
                        InAnotherJvm.class.getName())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said.strip();
    }

    /** Says whether memory is accessed by address there, and an {@code int} read the way it is. */
    static final class InAnotherJvm {
        private InAnotherJvm() {}

        public static void main(String[] args) throws Throwable {
            MethodHandle getInt = GuestBytes.accessor(MethodHandles.lookup(), "getInt", MethodHandle.class);
            System.out.println(JdkUnsafe.find().isPresent() + " " + (int) getInt.invokeExact(BYTES, 0L));
        }
    }
}
