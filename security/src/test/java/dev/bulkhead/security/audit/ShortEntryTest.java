package dev.bulkhead.security.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.bulkhead.contract.proto.AuditEntry;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShortEntryTest {
    private static AuditEntry stopped(String why) {
        return AuditEntry.newBuilder()
                .setAppId("com.acme.fan")
                .setStopped(
                        AuditEntry.Stopped.newBuilder().setState("quarantined").setWhy(why))
                .build();
    }

    private static AuditEntry declared(int requests, String reason) {
        AuditEntry.Builder entry = AuditEntry.newBuilder().setAppId("com.acme.fan");
        for (int i = 0; i < requests; i++) {
            entry.getDeclaredBuilder()
                    .addRequestsBuilder()
                    .setLine("signal read Vehicle.Cabin.Seat.Row1.Position" + i)
                    .setReason(reason)
                    .addEffective("signal read Vehicle.Cabin.Seat.Row1.Position" + i);
        }
        return entry.build();
    }

    private static void assertFits(AuditEntry entry) {
        assertTrue(entry.getSerializedSize() <= EntryChunk.MAX_ENTRY, "it has " + entry.getSerializedSize());
    }

    @Test
    void anEntryThatFitsIsLeftAlone() {
        AuditEntry entry = stopped("x".repeat(60_000));
        assertSame(entry, ShortEntry.of(entry));
    }

    @Test
    void aLongTextIsCutAndTheRestStays() {
        AuditEntry entry = ShortEntry.of(stopped("trap in " + "x".repeat(3_000_000)));
        assertFits(entry);
        assertEquals("com.acme.fan", entry.getAppId());
        assertEquals("quarantined", entry.getStopped().getState());
        assertTrue(entry.getStopped().getWhy().startsWith("trap in xxx"));
        assertTrue(entry.getStopped().getWhy().endsWith("x…"));
        assertTrue(entry.getOmittedBytes() > 2_900_000, "omitted " + entry.getOmittedBytes());
    }

    @Test
    void aTextOfLettersOfThreeBytesIsCutUntilItFits() {
        assertFits(ShortEntry.of(stopped("東".repeat(70_000))));
    }

    @Test
    void explanationsAreCutBeforeWhatAnAppMayDo() {
        AuditEntry entry = ShortEntry.of(declared(256, "because ".repeat(25)));
        assertFits(entry);
        assertEquals(256, entry.getDeclared().getRequestsCount());
        assertEquals(
                "signal read Vehicle.Cabin.Seat.Row1.Position255",
                entry.getDeclared().getRequests(255).getEffective(0));
        assertTrue(entry.getOmittedBytes() > 0);
    }

    @Test
    void aListWithoutEndIsCutToo() {
        AuditEntry.Builder entry = AuditEntry.newBuilder().setAppId("com.acme.fan");
        IntStream.range(0, 100_000).forEach(i -> entry.getDeclaredBuilder().addImports("hal.signal_open"));
        AuditEntry cut = ShortEntry.of(entry.build());
        assertFits(cut);
        assertEquals("hal.signal_open", cut.getDeclared().getImports(0));
    }

    @Test
    void whatWasCutIsReadAsItWasWritten() throws InvalidProtocolBufferException {
        AuditEntry cut = ShortEntry.of(stopped("x".repeat(100_000)));
        assertEquals(cut, AuditEntry.parseFrom(cut.toByteArray()));
    }
}
