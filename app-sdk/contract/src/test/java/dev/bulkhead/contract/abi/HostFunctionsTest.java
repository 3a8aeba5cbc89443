package dev.bulkhead.contract.abi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.contract.capability.Capability;
import dev.bulkhead.contract.capability.CapabilityParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HostFunctionsTest {
    private static final Path PAGE = Path.of("../../docs/reference/abi.md");

    private static Capability capability(String line) {
        return CapabilityParser.parse(line).capability();
    }

    @Test
    void namesAreUnique() {
        List<HostFunction> table = HostFunctions.table();
        assertEquals(
                table.size(),
                table.stream().map(HostFunction::qualifiedName).distinct().count());
    }

    @Test
    void findsAFunctionWithItsSignature() {
        HostFunction subscribe = HostFunctions.find("hal", "signal_subscribe").orElseThrow();
        assertEquals("(i32, i32, i32, f64, i32) -> i32", subscribe.shape());
        assertEquals(
                "(handle: i32, mode: i32, min_interval_ms: i32, deadband: f64, depth: i32) -> i32",
                subscribe.signature());
        assertEquals("(i32)", HostFunctions.find("app", "exit").orElseThrow().shape());
        assertEquals(Optional.empty(), HostFunctions.find("env", "system"));
    }

    @Test
    void aNeedIsCoveredByACapabilityOfItsKind() {
        assertTrue(Need.NOTHING.coveredBy(List.of()));
        assertFalse(Need.SIGNAL.coveredBy(List.of()));
        assertTrue(Need.SIGNAL.coveredBy(List.of(capability("signal A actuate"))));
        assertFalse(Need.ACTUATE.coveredBy(List.of(capability("signal A read"))));
        assertFalse(Need.CAN_TX.coveredBy(List.of(capability("can can0 rx 1"))));
        assertTrue(Need.PUBLISH.coveredBy(List.of(capability("cloud a publish"))));
        assertFalse(Need.PUBLISH.coveredBy(List.of(capability("message a subscribe"))));
        assertFalse(Need.WASI_FILES.coveredBy(List.of(capability("wasi stdio"))));
        assertTrue(Need.WASI_FILES.coveredBy(List.of(capability("wasi assets"))));
        assertTrue(Need.WASI_STREAMS.coveredBy(List.of(capability("wasi assets"))));
        assertTrue(Need.WASI_STREAMS.coveredBy(List.of(capability("wasi scratch"))));
    }

    @Test
    void statusCodesAreThoseOfTheContract() {
        assertEquals(Optional.of(Status.PERM), Status.of(-1));
        assertEquals(Optional.of(Status.CLAMPED), Status.of(1));
        assertEquals(Optional.of(Status.BADH), Status.of(-17));
        assertEquals(Optional.empty(), Status.of(2));
        for (int code = -17; code <= 1; code++) {
            assertTrue(Status.of(code).isPresent(), "status " + code);
        }
    }

    @Test
    void anEventIsThirtyTwoBytes() {
        byte[] memory = new byte[40];
        new EventRecord(EventKind.ACTUATOR_LOST, Status.BUSY, 3, 1, 2, -1, 0x0102030405060708L).write(memory, 4);
        assertArrayEquals(
                HexFormat.of()
                        .parseHex("00000000" + "0600" + "f6ff" + "03000000" + "01000000" + "02000000"
                                + "ffffffffffffffff" + "0807060504030201" + "00000000"),
                memory);
    }

    /** After a change of the table: run with -Dbulkhead.write.reference=true and commit the page. */
    @Test
    void theReferencePageIsUpToDate() throws Exception {
        if (Boolean.getBoolean("bulkhead.write.reference")) {
            Files.createDirectories(PAGE.getParent());
            Files.writeString(PAGE, AbiReference.page());
        }
        assertEquals(AbiReference.page(), Files.readString(PAGE), "docs/reference/abi.md is stale");
    }
}
